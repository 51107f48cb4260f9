"use strict";

// Pages of what is under way: the element marked with data-refresh is fetched anew every so many seconds while it asks for it.
function refreshLater(element) {
    const seconds = Number(element.dataset.refresh);
    if (!seconds) {
        return;
    }
    setTimeout(async () => {
        let next = element;
        if (!document.hidden) {
            try {
                const answer = await fetch(location.href, {credentials: "same-origin"});
                if (answer.status === 503) {
                    // What stands here may not be so any more; the page that says why comes back by itself.
                    location.reload();
                    return;
                }
                if (answer.ok && !answer.redirected) {
                    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
                    const found = page.getElementById(element.id);
                    if (found) {
                        element.replaceWith(found);
                        next = found;
                    }
                }
            } catch (error) {
                // The portal is being restarted, or the network is away: the next try will tell.
            }
        }
        refreshLater(next);
    }, seconds * 1000);
}

document.querySelectorAll("[data-refresh]").forEach(refreshLater);

// A form that does something once is not sent twice by a double click.
document.querySelectorAll("form.once").forEach((form) => {
    form.addEventListener("submit", (event) => {
        if (form.dataset.sent) {
            event.preventDefault();
        }
        form.dataset.sent = "yes";
    });
});

// On a narrow screen the filters stand before the rows: they are folded until somebody wants them.
const filters = document.getElementById("changelist-filter");
if (filters && window.matchMedia("(max-width: 1024px)").matches) {
    filters.querySelectorAll("details").forEach((details) => details.removeAttribute("open"));
}
