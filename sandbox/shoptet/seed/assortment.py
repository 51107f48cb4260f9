"""What the shop sells, as tables: the category tree, and families of products with their models and variants."""

from __future__ import annotations

from dataclasses import dataclass, field

CATEGORY_TREE: dict[str, dict[str, list[str]]] = {
    "Gastro zařízení": {
        "Varná technologie": ["Sporáky", "Fritézy", "Konvektomaty", "Pece na pizzu", "Grily a plotny"],
        "Chladicí technologie": ["Chladicí skříně", "Mrazicí truhly", "Chladicí stoly", "Výrobníky ledu"],
        "Mycí technika": ["Podstolové myčky", "Průchozí myčky", "Mycí chemie"],
    },
    "Kuchyňské vybavení": {
        "Nádobí na vaření": ["Hrnce", "Pánve", "Gastronádoby", "Termoporty"],
        "Příprava surovin": ["Nože", "Krájecí desky", "Kuchyňské roboty", "Váhy"],
    },
    "Stolování": {
        "Porcelán": ["Talíře", "Misky", "Šálky a podšálky"],
        "Sklo": ["Vinné sklenice", "Pivní sklenice"],
        "Příbory": ["Jídelní příbory", "Servírovací náčiní"],
    },
    "Kávovary a bar": {
        "Příprava kávy": ["Pákové kávovary", "Mlýnky na kávu"],
        "Barové vybavení": ["Šejkry", "Barové doplňky"],
        "Káva a suroviny": ["Zrnková káva", "Sirupy"],
    },
    "Textil a oděvy": {
        "Pracovní oděvy": ["Rondony", "Zástěry", "Kuchařské kalhoty", "Pracovní obuv"],
    },
    "Nerezový nábytek": {
        "Stoly a regály": ["Pracovní stoly", "Regály"],
    },
    "Knihy a vzdělávání": {
        "Odborná literatura": ["Kuchařky"],
    },
    "Sety a akce": {
        "Zvýhodněné sety": ["Startovací sety"],
    },
}


@dataclass(frozen=True)
class Axis:
    """What the variants of a product differ in: values as (text, suffix of the code, price factor)."""

    name: str
    values: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Family:
    """Products that differ in model only."""

    category: str
    name: str
    models: tuple[str, ...]
    brands: tuple[str, ...]
    code: str
    prices: tuple[int, int]
    weight: float = 1.0
    axis: Axis | None = None
    rate: int = 21
    unit: str = "ks"
    decimals: int = 0
    includes_vat: bool = True
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""


SIZES = Axis("Velikost", (("S", "S", 1), ("M", "M", 1), ("L", "L", 1), ("XL", "XL", 1.05), ("XXL", "XXL", 1.1)))
SHOES = Axis("Velikost", tuple((str(size), str(size), 1.0) for size in range(38, 46)))
COLOURS = Axis("Barva", (("bílá", "BIL", 1), ("černá", "CER", 1), ("bordó", "BOR", 1.05)))
DEPTHS = Axis("Hloubka", (("20 mm", "020", 1), ("40 mm", "040", 1.15), ("65 mm", "065", 1.3), ("100 mm", "100", 1.6), ("150 mm", "150", 2.1)))
BLADES = Axis("Délka čepele", (("16 cm", "16", 1), ("20 cm", "20", 1.2), ("25 cm", "25", 1.45)))
DIAMETERS = Axis("Průměr", (("20 cm", "20", 1), ("24 cm", "24", 1.25), ("28 cm", "28", 1.5), ("32 cm", "32", 1.8)))
PLATES = Axis("Průměr", (("21 cm", "21", 1), ("24 cm", "24", 1.3), ("27 cm", "27", 1.6)))
BOARDS = Axis("Barva", (("červená", "CRV", 1), ("zelená", "ZEL", 1), ("modrá", "MOD", 1), ("žlutá", "ZLU", 1)))
VOLTAGES = Axis("Napájení", (("230 V", "230", 1), ("400 V", "400", 1.08)))
PACKS = Axis("Balení", (("250 g", "250", 1), ("1 kg", "1000", 3.6)))
TABLES = Axis("Délka", (("1 000 mm", "1000", 1), ("1 400 mm", "1400", 1.25), ("1 800 mm", "1800", 1.5)))

FAMILIES: tuple[Family, ...] = (
    Family("Sporáky", "Plynový sporák {}", ("GS-400", "GS-600", "GS-700", "GS-900", "GS-1200", "Profi 6H"), ("RM Gastro", "Alba"), "SPO", (24900, 89900), 96,
           includes_vat=False, parameters={"Počet hořáků": ("4", "6"), "Materiál": ("nerez AISI 304",), "Příkon": ("24 kW", "36 kW")}, text="Robustní celonerezový sporák pro každodenní provoz."),
    Family("Fritézy", "Fritéza {}", ("FT-4", "FT-8", "FT-8+8", "FT-10", "FT-13", "FE Turbo"), ("Redfox", "Alba"), "FRI", (2490, 27900), 9, VOLTAGES,
           parameters={"Objem vany": ("4 l", "8 l", "13 l"), "Výpustný kohout": ("ano", "ne")}, text="Fritéza s vyjímatelnou vanou a studenou zónou."),
    Family("Konvektomaty", "Konvektomat {}", ("Vision 6", "Vision 10", "Vision 20", "Eco 5", "Eco 11", "Compact 4"), ("Retigo", "Rational"), "KON", (69900, 329000), 128,
           includes_vat=False, parameters={"Kapacita": ("6× GN 1/1", "10× GN 1/1", "20× GN 1/1"), "Vývin páry": ("nástřik", "bojler")}, text="Konvektomat s dotykovým panelem a archivací HACCP."),
    Family("Pece na pizzu", "Pec na pizzu {}", ("Mini 35", "Napoli 4", "Napoli 6", "Roma 9", "Tunel 50"), ("Prisma Food", "Redfox"), "PIZ", (12900, 119000), 62,
           parameters={"Počet pizz": ("1", "4", "6", "9"), "Kámen": ("šamot",)}, text="Elektrická pec se šamotovým dnem, teplota až 450 °C."),
    Family("Grily a plotny", "Grilovací plotna {}", ("hladká 330", "hladká 660", "drážkovaná 330", "drážkovaná 660", "kombinovaná", "Teppan"), ("RM Gastro", "Hendi"), "GRI", (3990, 24900), 21,
           parameters={"Povrch": ("ocel", "tvrdochrom"), "Příkon": ("3 kW", "6 kW")}, text="Plotna s termostatem a výsuvnou tukovou zásuvkou."),
    Family("Chladicí skříně", "Chladicí skříň {}", ("LT 140", "LT 400", "LT 600", "LT 700 S", "Inox 1400", "Vino 90", "Bar 200"), ("Liebherr", "Tefcold"), "CHS", (13900, 74900), 78,
           parameters={"Objem": ("140 l", "400 l", "600 l", "700 l"), "Teplota": ("+2 až +10 °C",), "Chladivo": ("R290", "R600a")}, text="Tichá chladicí skříň s ventilovaným chlazením."),
    Family("Mrazicí truhly", "Mrazicí truhla {}", ("MT 100", "MT 200", "MT 300", "MT 400", "MT 500 XL"), ("Liebherr", "Tefcold"), "MRA", (8990, 29900), 54,
           parameters={"Objem": ("100 l", "200 l", "300 l"), "Víko": ("plné", "prosklené")}, text="Truhla s elektronickým termostatem a košem."),
    Family("Chladicí stoly", "Chladicí stůl {}", ("2 dveře", "3 dveře", "4 dveře", "saladeta", "pizza"), ("RM Gastro", "Tefcold"), "CST", (28900, 69900), 110,
           includes_vat=False, parameters={"Hloubka": ("600 mm", "700 mm"), "Pracovní deska": ("nerez", "žula")}, text="Chladicí stůl s nerezovou pracovní deskou."),
    Family("Výrobníky ledu", "Výrobník ledu {}", ("IM-20", "IM-25", "IM-45", "IM-65", "Kostka 30", "Drť 80"), ("Hoshizaki", "Brema"), "LED", (14900, 69900), 38,
           parameters={"Výkon za 24 h": ("20 kg", "25 kg", "45 kg"), "Chlazení": ("vzduchem", "vodou")}, text="Výrobník čirého ledu se zásobníkem."),
    Family("Podstolové myčky", "Podstolová myčka {}", ("Lav 35", "Lav 40", "Lav 50", "Lav 50 DP", "Eco 40", "Glass 35"), ("Winterhalter", "Krupps"), "MYC", (34900, 98900), 57, VOLTAGES,
           parameters={"Koš": ("350×350 mm", "400×400 mm", "500×500 mm"), "Cyklus": ("120 s", "180 s")}, text="Myčka nádobí a skla s dávkovačem oplachu."),
    Family("Průchozí myčky", "Průchozí myčka {}", ("PT-M", "PT-L", "PT-XL", "K 2000"), ("Winterhalter", "Krupps"), "MYP", (119000, 249000), 132,
           includes_vat=False, parameters={"Koš": ("500×500 mm",), "Rekuperace": ("ano", "ne")}, text="Průchozí myčka pro provozy od 150 jídel."),
    Family("Mycí chemie", "Mycí prostředek {}", ("Profi tekutý", "Profi práškový", "Sklo", "Oplach", "Odvápňovač", "Gril"), ("Cleamen", "Suma"), "CHE", (189, 1290), 5,
           Axis("Objem", (("1 l", "1", 1), ("5 l", "5", 4.2), ("20 l", "20", 14.5))), parameters={"Určení": ("myčky", "ruční mytí")}, text="Prostředek pro profesionální mytí. Nesmí se míchat s kyselinami."),
    Family("Hrnce", "Hrnec {}", ("vysoký Profi", "nízký Profi", "Chef", "Induction", "Sendvič", "s cedníkem"), ("Kolimax", "Paderno"), "HRN", (790, 3490), 3.2, DIAMETERS,
           parameters={"Materiál": ("nerez 18/10",), "Indukce": ("ano",)}, text="Nerezový hrnec se sendvičovým dnem."),
    Family("Pánve", "Pánev {}", ("nepřilnavá", "litinová", "ocelová", "wok", "grilovací", "na palačinky"), ("Kolimax", "de Buyer"), "PAN", (490, 2290), 1.8, DIAMETERS,
           parameters={"Povrch": ("titan", "litina", "uhlíková ocel"), "Indukce": ("ano", "ne")}, text="Pánev pro profesionální kuchyně."),
    Family("Gastronádoby", "Gastronádoba GN {}", ("1/1", "1/2", "1/3", "1/4", "1/6", "2/1"), ("Hendi", "Kitchen Line"), "GN", (139, 690), 0.9, DEPTHS,
           parameters={"Materiál": ("nerez", "polykarbonát")}, text="Gastronádoba podle normy EN 631."),
    Family("Termoporty", "Termoport {}", ("Mini", "Midi", "Maxi", "Rack", "Pizza", "s ohřevem"), ("Cambro", "Hendi"), "TER", (2190, 15900), 8,
           parameters={"Kapacita": ("3× GN 1/1", "6× GN 1/1")}, text="Přepravní box, udrží teplotu až šest hodin."),
    Family("Nože", "Kuchařský nůž {}", ("Classic", "Pro", "Santoku", "vykosťovací", "na chléb", "filetovací", "Damašek"), ("Giesser", "Dick", "Victorinox"), "NUZ", (390, 3290), 0.25, BLADES,
           parameters={"Tvrdost": ("56 HRC", "60 HRC"), "Rukojeť": ("polymer", "dřevo")}, text="Kovaný nůž s protiskluzovou rukojetí."),
    Family("Krájecí desky", "Krájecí deska {}", ("HACCP 30", "HACCP 45", "HACCP 60", "s drážkou", "s nožičkami"), ("Hendi", "Kitchen Line"), "DES", (290, 990), 1.4, BOARDS,
           parameters={"Materiál": ("polyetylen HDPE 500",)}, text="Krájecí deska v barvách HACCP."),
    Family("Kuchyňské roboty", "Kuchyňský robot {}", ("RE-10", "RE-20", "RE-30", "Kutr 3", "Kutr 5", "Blender Pro", "Šlehač 7"), ("Robot Coupe", "Sirman"), "ROB", (9900, 74900), 24,
           parameters={"Objem mísy": ("3 l", "5 l", "10 l", "20 l"), "Rychlosti": ("3", "plynule")}, text="Univerzální robot s planetovým pohybem."),
    Family("Váhy", "Kuchyňská váha {}", ("do 2 kg", "do 5 kg", "do 15 kg", "do 30 kg", "plošinová 60", "s certifikátem"), ("Hendi", "Kern"), "VAH", (590, 8900), 1.6,
           parameters={"Přesnost": ("0,1 g", "1 g", "5 g"), "Ověření": ("ano", "ne")}, text="Digitální váha s nerezovou plošinou."),
    Family("Talíře", "Talíř {}", ("mělký Praha", "hluboký Praha", "dezertní Praha", "Rustic", "Stone", "Coup", "pizza"), ("G. Benedikt", "RAK"), "TAL", (89, 390), 0.6, PLATES,
           parameters={"Vhodné do myčky": ("ano",), "Kolekce": ("Praha", "Rustic", "Stone")}, text="Hotelový porcelán se zesílenou hranou."),
    Family("Misky", "Miska {}", ("polévková", "salátová", "Ramen", "dip", "kompotová", "Rustic"), ("G. Benedikt", "RAK"), "MIS", (59, 290), 0.4,
           parameters={"Objem": ("90 ml", "350 ml", "900 ml")}, text="Stohovatelná miska z hotelového porcelánu."),
    Family("Šálky a podšálky", "Šálek {}", ("Espresso", "Cappuccino", "Latte", "Lungo", "čajový", "podšálek univerzální"), ("G. Benedikt", "Loveramics"), "SAL", (69, 249), 0.2, COLOURS,
           parameters={"Objem": ("70 ml", "180 ml", "300 ml")}, text="Silnostěnný šálek, drží teplotu."),
    Family("Vinné sklenice", "Sklenice na víno {}", ("Burgundy", "Bordeaux", "Chardonnay", "Riesling", "Flétna", "Universal"), ("Rona", "Spiegelau"), "VIN", (79, 390), 0.2,
           parameters={"Objem": ("350 ml", "450 ml", "650 ml"), "Balení": ("6 ks",)}, text="Tenkostěnné křišťálové sklo."),
    Family("Pivní sklenice", "Pivní sklenice {}", ("Tübinger", "Krug", "Weizen", "Snyt", "Pohár", "Džbánek"), ("Rona", "Sahm"), "PIV", (49, 190), 0.5,
           Axis("Objem", (("0,3 l", "03", 1), ("0,5 l", "05", 1.2))), parameters={"Cejch": ("ano",)}, text="Pivní sklo s ryskou a cejchem."),
    Family("Jídelní příbory", "Příbor {}", ("Bistro", "Hotel", "Baguette", "Medan", "Vintage", "Amefa 1410"), ("Amefa", "Toner"), "PRI", (29, 149), 0.1,
           Axis("Kus", (("lžíce", "LZI", 1), ("nůž", "NUZ", 1.3), ("vidlička", "VID", 1))), parameters={"Materiál": ("nerez 18/0", "nerez 18/10")}, text="Příbor pro restaurační provoz."),
    Family("Servírovací náčiní", "Servírovací {}", ("kleště", "lžíce", "naběračka", "lopatka", "stěrka", "pinzeta"), ("Hendi", "Paderno"), "SER", (79, 490), 0.2,
           parameters={"Délka": ("24 cm", "30 cm")}, text="Náčiní z jednoho kusu nerezu."),
    Family("Pákové kávovary", "Kávovar {}", ("Appia 1", "Appia 2", "Aurelia 2", "Linea Mini", "Musica", "Oscar II"), ("Nuova Simonelli", "La Marzocco"), "KAV", (39900, 289000), 48,
           includes_vat=False, parameters={"Počet pák": ("1", "2"), "Bojler": ("1,8 l", "11 l")}, text="Dvouokruhový kávovar pro bar a kavárnu."),
    Family("Mlýnky na kávu", "Mlýnek {}", ("MDX", "MDJ", "Mythos", "EK43", "Specialita", "Silenzio"), ("Eureka", "Mahlkönig"), "MLY", (8900, 79900), 11,
           parameters={"Kameny": ("ploché 64 mm", "ploché 98 mm", "kuželové")}, text="Mlýnek na objednávku s časovým dávkováním."),
    Family("Šejkry", "Šejkr {}", ("Boston", "Cobbler", "Parisian", "Tin-tin", "Mini"), ("Barfly", "Hendi"), "SEJ", (190, 890), 0.4,
           parameters={"Objem": ("500 ml", "750 ml")}, text="Barmanský šejkr s těsným spojem."),
    Family("Barové doplňky", "Barová {}", ("lžička", "podložka", "odměrka", "cedítko", "drtič", "nálevka"), ("Barfly", "Hendi"), "BAR", (79, 590), 0.2,
           parameters={"Povrch": ("nerez", "měď", "černá")}, text="Doplněk pro koktejlový bar."),
    Family("Zrnková káva", "Káva {}", ("Espresso Bar", "Brasil Santos", "Ethiopia Sidamo", "Colombia Huila", "Bezkofeinová", "Crema Gastro"), ("Pražírna Lípa",), "KAF", (129, 289), 0.25, PACKS, rate=12,
           parameters={"Složení": ("100 % arabika", "80/20"), "Pražení": ("střední", "tmavé")}, text="Čerstvě pražená káva, datum pražení na obalu."),
    Family("Zrnková káva", "Káva na váhu {}", ("Espresso", "Filtr", "Robusta"), ("Pražírna Lípa",), "KVV", (420, 690), 1, rate=12, unit="kg", decimals=3,
           parameters={"Pražení": ("střední",)}, text="Káva vážená podle přání, po 50 gramech."),
    Family("Sirupy", "Sirup {}", ("Vanilka", "Karamel", "Lískový ořech", "Skořice", "Bezinka", "Grenadina", "Máta"), ("Monin", "1883"), "SIR", (189, 299), 1.1, rate=12,
           parameters={"Objem": ("0,7 l", "1 l")}, text="Sirup do kávy a koktejlů."),
    Family("Rondony", "Rondon {}", ("Milano", "Firenze", "Torino", "Nero", "Coolmax", "dámský Bella"), ("Egochef", "Giblor's"), "RON", (690, 1990), 0.5, SIZES,
           parameters={"Materiál": ("65 % polyester, 35 % bavlna", "100 % bavlna"), "Rukáv": ("krátký", "dlouhý")}, text="Kuchařský rondon, stálobarevný při 60 °C."),
    Family("Zástěry", "Zástěra {}", ("krátká", "dlouhá", "s náprsenkou", "kožená", "barista", "denim"), ("Egochef", "Giblor's"), "ZAS", (249, 1490), 0.3, COLOURS,
           parameters={"Materiál": ("bavlna", "denim", "kůže")}, text="Zástěra s nastavitelným popruhem."),
    Family("Kuchařské kalhoty", "Kuchařské kalhoty {}", ("Pepito", "Black", "Cargo", "Slim"), ("Egochef",), "KAL", (590, 1290), 0.5, SIZES,
           parameters={"Pas": ("guma", "knoflík")}, text="Pohodlné kalhoty do provozu."),
    Family("Pracovní obuv", "Pracovní obuv {}", ("Clog", "Sabot", "Sneaker", "Kitchen Pro"), ("Abeba", "Birkenstock"), "OBU", (890, 2490), 0.8, SHOES,
           parameters={"Norma": ("EN ISO 20347",), "Podrážka": ("protiskluzová SRC",)}, text="Obuv s antistatickou podrážkou."),
    Family("Pracovní stoly", "Nerezový stůl {}", ("s policí", "se zásuvkami", "s dřezem", "skříňový", "pojízdný"), ("RM Gastro",), "STU", (6900, 28900), 46, TABLES,
           includes_vat=False, parameters={"Hloubka": ("600 mm", "700 mm"), "Lem": ("zadní", "bez lemu")}, text="Stůl z nerezu AISI 304, stavitelné nohy."),
    Family("Regály", "Nerezový regál {}", ("4 police", "5 polic", "rošt", "nástěnný", "drátěný"), ("RM Gastro", "Hendi"), "REG", (2900, 14900), 28, TABLES,
           parameters={"Nosnost police": ("80 kg", "120 kg")}, text="Regál do skladu i chladicího boxu."),
    Family("Kuchařky", "{}", ("Moderní česká kuchyně", "Velká kniha omáček", "Kváskový chléb", "Sous-vide od základů", "Studená kuchyně", "HACCP v praxi", "Barista"), ("Nakladatelství Lípa",), "KNI", (249, 890), 0.7, rate=0,
           parameters={"Vazba": ("pevná", "brožovaná"), "Počet stran": ("184", "256", "320")}, text="Odborná publikace pro provozy i školy."),
    Family("Kuchyňské roboty", "Ponorný mixér {}", ("MP 250", "MP 350", "MP 450", "CMP 300", "Junior", "Turbo"), ("Robot Coupe", "Sirman"), "MIX", (4900, 19900), 4.5,
           parameters={"Délka nástavce": ("250 mm", "350 mm", "450 mm")}, text="Ponorný mixér s odnímatelným nástavcem."),
    Family("Konvektomaty", "Plech do konvektomatu {}", ("hladký", "perforovaný", "teflonový", "na bagety", "rošt", "na vejce"), ("Hendi", "Retigo"), "PLE", (290, 1490), 1.2,
           parameters={"Formát": ("GN 1/1", "GN 2/3", "600×400 mm")}, text="Příslušenství do konvektomatů."),
    Family("Misky", "Talířek {}", ("pod šálek", "na máslo", "na chléb", "na olivy", "na tapas"), ("G. Benedikt",), "TLK", (39, 129), 0.2,
           parameters={"Průměr": ("11 cm", "14 cm")}, text="Drobný hotelový porcelán."),
    Family("Barové doplňky", "Brčka {}", ("papírová", "nerezová", "skleněná", "bambusová"), ("Barfly",), "BRC", (49, 390), 0.2, unit="bal",
           parameters={"Počet v balení": ("50", "100")}, text="Opakovaně použitelná i kompostovatelná brčka."),
    Family("Termoporty", "Termonádoba na nápoje {}", ("5 l", "9,5 l", "18 l", "40 l"), ("Cambro",), "TEN", (2900, 12900), 6, COLOURS,
           parameters={"Kohout": ("ano",)}, text="Termonádoba na čaj, kávu a polévku."),
    Family("Gastronádoby", "Víko na GN {}", ("1/1", "1/2", "1/3", "1/4", "1/6"), ("Hendi",), "VIK", (89, 290), 0.4,
           Axis("Provedení", (("plné", "P", 1), ("s výřezem", "V", 1.1))), parameters={"Materiál": ("nerez",)}, text="Víko ke gastronádobám."),
    Family("Grily a plotny", "Salamandr {}", ("SAL-45", "SAL-60", "SAL-80", "nástěnný", "Quick"), ("Redfox", "Hendi"), "SLM", (6900, 24900), 26,
           parameters={"Příkon": ("2 kW", "4 kW")}, text="Horní gril na zapékání a gratinování."),
    Family("Sporáky", "Vařič těstovin {}", ("VT-400", "VT-600", "VT-2K", "stolní", "plynový"), ("RM Gastro",), "VTE", (9900, 54900), 33,
           includes_vat=False, parameters={"Objem vany": ("20 l", "40 l")}, text="Vařič těstovin s automatickým dopouštěním."),
    Family("Kuchyňské roboty", "Vakuová balička {}", ("VB-300", "VB-400", "komorová 25", "komorová 40", "Mini"), ("Henkelman", "Sirman"), "VAK", (3900, 69900), 29,
           parameters={"Svařovací lišta": ("300 mm", "400 mm")}, text="Vakuová balička na potraviny a sous-vide."),
    Family("Servírovací náčiní", "Podnos {}", ("kulatý", "oválný", "protiskluzový", "GN 1/1", "číšnický", "na sýry"), ("Cambro", "Hendi"), "POD", (119, 890), 0.7,
           parameters={"Materiál": ("laminát", "nerez", "dřevo")}, text="Podnos pro rychlou obsluhu."),
    Family("Chladicí skříně", "Chladicí vitrína {}", ("stolní 120", "stolní 160", "sushi", "zákusková", "panoramatická", "pultová"), ("Tefcold", "Liebherr"), "VIT", (11900, 89900), 71,
           parameters={"Osvětlení": ("LED",), "Teplota": ("+2 až +8 °C",)}, text="Vitrína pro atraktivní vystavení zboží."),
    Family("Zástěry", "Utěrka {}", ("bavlněná", "mikrovlákno", "na sklo", "vaflová", "Profi"), ("Egochef",), "UTE", (29, 149), 0.1, unit="bal",
           parameters={"Balení": ("5 ks", "10 ks")}, text="Utěrka vhodná na 90 °C."),
    Family("Váhy", "Teploměr {}", ("vpichový", "infračervený", "do trouby", "do chladničky", "záznamník HACCP"), ("Testo", "Hendi"), "TEP", (190, 4900), 0.2,
           parameters={"Rozsah": ("−50 až +300 °C", "−30 až +50 °C")}, text="Teploměr pro kontrolu kritických bodů."),
)

SETS: tuple[tuple[str, str, tuple[str, ...], float], ...] = (
    ("SET-KAVARNA", "Set pro malou kavárnu", ("Šálek Espresso", "Šálek Cappuccino", "Mlýnek MDX"), 0.92),
    ("SET-BISTRO", "Set porcelánu Bistro", ("Talíř mělký Praha", "Talíř hluboký Praha", "Talíř dezertní Praha"), 0.9),
    ("SET-KUCHAR", "Set pro kuchaře", ("Rondon Milano", "Zástěra krátká", "Kuchařský nůž Classic"), 0.88),
    ("SET-BAR", "Barmanský set", ("Šejkr Boston", "Barová lžička", "Barová odměrka"), 0.85),
    ("SET-GN", "Set gastronádob s víky", ("Gastronádoba GN 1/1", "Víko na GN 1/1", "Gastronádoba GN 1/2"), 0.93),
    ("SET-VINO", "Degustační set sklenic", ("Sklenice na víno Burgundy", "Sklenice na víno Riesling"), 0.9),
)
