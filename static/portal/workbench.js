"use strict";

// The mapping workbench: rows are added, moved and removed without a round trip, and the preview follows every edit.
// Without this script the same form works by its buttons.
const desk = document.getElementById("workbench");
if (desk) {
    const QUIET_MS = 250;
    const BUSY_MS = 600;
    const rows = document.getElementById("rows");
    const panel = document.getElementById("preview");
    const unsaved = document.getElementById("unsaved");
    const template = document.getElementById("new-row");
    let timer = 0;
    let asked = null;
    let leaving = false;

    document.documentElement.classList.add("with-script");

    const post = (address, signal) =>
        fetch(address, {method: "POST", body: new FormData(desk), credentials: "same-origin", signal, headers: {Accept: "application/json"}});

    function askLater(milliseconds) {
        clearTimeout(timer);
        timer = setTimeout(askPreview, milliseconds);
    }

    async function askPreview() {
        asked?.abort();
        const mine = new AbortController();
        asked = mine;
        panel.setAttribute("aria-busy", "true");
        try {
            const answer = await post(desk.dataset.preview, mine.signal);
            if (answer.ok && !answer.redirected) {
                show(await answer.json());
            }
        } catch (error) {
            // Overtaken by the next edit, or the portal is being restarted: the next edit asks again.
        }
        if (asked === mine) {
            panel.removeAttribute("aria-busy");
        }
    }

    function show(found) {
        const open = [...panel.querySelectorAll("details")].map((one) => one.open);
        const focused = panel.contains(document.activeElement) ? document.activeElement.value : null;
        panel.innerHTML = found.panel;
        panel.querySelectorAll("details").forEach((one, place) => { one.open = Boolean(open[place]); });
        if (focused !== null) {
            [...panel.querySelectorAll("input")].find((one) => one.value === focused)?.focus();
        }
        rows.querySelectorAll(".map-row").forEach((row) => showRow(row, found));
        if (found.busy) {
            askLater(BUSY_MS);
        }
    }

    function showRow(row, found) {
        const key = row.dataset.key;
        if (found.heads[key] !== undefined) {
            row.querySelector("summary").innerHTML = found.heads[key];
        }
        row.querySelectorAll(".errorlist").forEach((list) => {
            const sentences = found.problems[key]?.[list.dataset.column] ?? [];
            list.replaceChildren(...sentences.map((sentence) => {
                const item = document.createElement("li");
                item.textContent = sentence;
                return item;
            }));
        });
    }

    function changed() {
        unsaved.hidden = false;
        askLater(QUIET_MS);
    }

    function addRow() {
        const key = String(Math.max(0, ...[...rows.querySelectorAll(".map-row")].map((row) => Number(row.dataset.key))) + 1);
        const row = template.content.firstElementChild.cloneNode(true);
        row.dataset.key = key;
        row.querySelector("[name=row]").value = key;
        row.querySelectorAll("[name$='-0']").forEach((field) => { field.name = field.name.replace(/-0$/, `-${key}`); });
        row.querySelectorAll("button[value$=':0']").forEach((button) => { button.value = button.value.replace(/:0$/, `:${key}`); });
        rows.querySelector(".no-rows")?.remove();
        rows.append(row);
        row.querySelector("textarea").focus();
    }

    function move(row, other, before, button) {
        if (other?.classList.contains("map-row")) {
            before ? other.before(row) : other.after(row);
        }
        button.focus();
    }

    function remove(row) {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        (next?.querySelector("summary") ?? desk.querySelector("button[value=add]")).focus();
    }

    async function readRecord(button) {
        button.disabled = true;
        try {
            const answer = await post(desk.dataset.fetch);
            if (answer.ok && !answer.redirected) {
                const number = (await answer.json()).preview;
                desk.elements.preview.value = number;
                panel.querySelectorAll("input[name=record]").forEach((one) => one.remove());
                history.replaceState(null, "", addressWith(number));
            }
        } catch (error) {
            // The portal is being restarted, or the network is away; the button can be pressed again.
        }
        button.disabled = false;
        askPreview();
    }

    function addressWith(preview) {
        const address = new URL(location.href);
        address.searchParams.delete("sample");
        address.searchParams.set("preview", preview);
        return address;
    }

    const edits = {
        add: () => addRow(),
        up: (row, button) => move(row, row.previousElementSibling, true, button),
        down: (row, button) => move(row, row.nextElementSibling, false, button),
        remove: (row) => remove(row),
    };

    desk.addEventListener("submit", (event) => {
        const button = event.submitter;
        const command = (button?.value ?? "preview").split(":")[0];
        if (command === "save") {
            leaving = true;
            return;
        }
        event.preventDefault();
        if (command === "fetch") {
            readRecord(button);
        } else if (command === "preview") {
            askPreview();
        } else {
            edits[command]?.(button.closest(".map-row"), button);
            changed();
        }
    });

    desk.addEventListener("input", (event) => {
        if (event.target.name === "record") {
            askLater(0);
        } else if (!["by", "value"].includes(event.target.name)) {
            changed();
        }
    });

    // Enter in the record's field reads it; anywhere else in the form it is the hidden first button, which shows the preview.
    desk.elements.value?.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
            event.preventDefault();
            desk.requestSubmit(desk.querySelector("button[value=fetch]"));
        }
    });

    document.addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === "s" && desk.querySelector("button[value=save]")) {
            event.preventDefault();
            desk.requestSubmit(desk.querySelector("button[value=save]"));
        }
    });

    window.addEventListener("beforeunload", (event) => {
        if (!leaving && !unsaved.hidden) {
            event.preventDefault();
        }
    });

    if (panel.querySelector("[data-busy]")) {
        askLater(BUSY_MS);
    }
}
