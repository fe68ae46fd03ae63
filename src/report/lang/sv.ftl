# Det som sägs till människor. Varje nyckel finns också i en.ftl.

## Fynd
section-place = PLATS
section-time = TID
section-device = APPARAT
section-person = PERSON
section-inside = INUTI
section-history = HISTORIK
section-other = ÖVRIGT
section-name = NAMN
section-left = KVAR
place-point = { $latitude } { $north } { $longitude } { $east }
place-in = i { $town }
place-by = cirka { $km } km från { $town }
place-country = i { $country } eller utanför dess kust
place-country-near = i { $country } eller utanför dess kust, { $near }
place-remote = långt från alla orter
place-nowhere = noll grader nord och öst, vilket oftast betyder att apparaten inte hade någon position
compass = N S Ö V
within-metres = på { $n } m när
within-kilometres = på { $n } km när
more-places = { $n ->
    [one] samt en plats till
   *[other] samt { $n } platser till
 }
time-other = { $when } (sparad eller ändrad)
device-serial = serienummer { $text }
device-serial-bare = serienummer
device-software = gjord med { $text }
device-version = programversion { $text }
inside-thumbnail = { $n ->
    [one] en mindre bild inuti, som kan visa det som skurits bort
   *[other] { $n } mindre bilder inuti, som kan visa det som skurits bort
 }
inside-picture = { $n ->
    [one] en hel bild till inuti
   *[other] { $n } hela bilder till inuti
 }
inside-video = { $n ->
    [one] en film inuti, oftast med ljud
   *[other] { $n } filmer inuti, oftast med ljud
 }
history-link = { $n ->
    [one] ett id som knyter filen till andra filer
   *[other] { $n } id:n som knyter filen till andra filer
 }
more-details = { $n ->
    [one] en uppgift till
   *[other] { $n } uppgifter till
 }
leftovers = { $n ->
    [one] en teknisk uppgift som bilden inte behöver
   *[other] { $n } tekniska uppgifter som bilden inte behöver
 }
quoted = ”{ $text }”
details = { $n ->
    [one] en teknisk uppgift
   *[other] { $n } tekniska uppgifter
 }
name-location = en plats i namnet
name-time = ett datum i namnet
name-device = ett namn som en kamera eller app ger
name-person = en person i namnet
name-history = ett nummer eller en ändelse i namnet som avslöjar något
name-image = något i namnet
name-unknown = ett namn som kan avslöja något
months = januari februari mars april maj juni juli augusti september oktober november december
date = { $day } { $month } { $year }

## Hur farlig filen är
risk-red = RÖD
risk-amber = GUL
risk-green = GRÖN
risk-place = Visar var den gjordes: { $what }.
risk-place-name = Nämner en plats: { $what }.
risk-person = Berättar om en person: { $what }.
risk-text = Innehåller text som kan berätta om en person: { $what }.
risk-inside = Rymmer mer än som syns: { $what }.
risk-serial = Går att knyta till en viss apparat: { $what }.
risk-device = Berättar vilken apparat eller vilket program: { $what }.
risk-time = Visar när den gjordes: { $what }.
risk-time-other = Visar en tid: { $what }.
risk-history = Berättar vad som hänt med filen: { $what }.
risk-other = Rymmer mer än som behövs: { $what }.
risk-name = Filnamnet kan avslöja något: { $what }.
risk-bare = Kan berätta om { $about }, genom uppgifter som bara program läser.
risk-other-bare = Rymmer mer än som behövs.
and-more = { $list } med mera
risk-also = Dessutom: { $list }.
category-name = filnamnet
count-red = { $n ->
    [one] en röd
   *[other] { $n } röda
 }
count-amber = { $n ->
    [one] en gul
   *[other] { $n } gula
 }
count-green = { $n ->
    [one] en grön
   *[other] { $n } gröna
 }
explain-location = Plats: filen kan leda någon till en adress. Skicka den inte vidare, inte heller till någon du litar på, innan den är rensad.
explain-person = Person: filen nämner namn, eller text som någon har skrivit. Namn på den som skyddas, eller på personal, kan räcka för att hitta dit.
explain-image = Inuti: filen rymmer bilder som inte syns, till exempel det som skurits bort.
explain-device = Apparat: filer från samma telefon, kamera eller dator går att knyta ihop. Den som har en fil kan känna igen nästa.
explain-history = Historik: filen berättar var den har sparats, vem som har ändrat den eller vilka filer den hör ihop med.
do-location = Gör: rensa filen först. Har den redan skickats, prata med en jour om vad det kan betyda.
dont-location = Gör inte: lägg inte ut filen på nätet och skicka den inte i en chatt.
do-person = Gör: läs vad som står och rensa filen. Fråga den som nämns innan något lämnas ut.
dont-person = Gör inte: lita inte på att ett namn är ofarligt för att du inte känner igen det.
do-image = Gör: rensa filen. Titta sedan på kopian.
dont-image = Gör inte: täck inte över något i bilden och skicka den utan att rensa den.
do-device = Gör: rensa alla filer från samma apparat.
dont-device = Gör inte: ta inte bort appar i en telefon som kan vara övervakad. Prata först med en jour eller med polisen.
do-history = Gör: rensa filen och lämna ut kopian.
dont-history = Gör inte: dela inte en länk till filen. Länken visar vems konto den ligger i.
service-microsoft = Konto: en fil pekar ut en plats i OneDrive eller SharePoint. Se efter i kontot vem som får öppna mappen och vilka länkar som är delade. Gör det från en dator som är säker.
service-google = Konto: en fil pekar ut något hos Google. Se efter i kontot vilka som får se filer, bilder och kartor, och vilka telefoner som är inloggade. Gör det från en dator som är säker.
service-apple = Konto: en fil pekar ut något i iCloud. Se efter i kontot vilka album och filer som är delade, och vilka telefoner som är inloggade. Gör det från en dator som är säker.
service-dropbox = Konto: en fil pekar ut något i Dropbox. Se efter i kontot vilka mappar och länkar som är delade. Gör det från en dator som är säker.
service-facebook = Konto: en bild har varit på Facebook eller Instagram. Där kan den finnas kvar och visa vems konto det är. Se efter vem som får se inläggen.
service-training = Konto: en fil kommer från en app för träning, som Strava eller Garmin. Där kan andra se var någon brukar gå. Se efter i appen vem som får se rundor och kartor.
service-sharing = Konto: en fil pekar ut en tjänst som visar var någon är. Stäng inte av den innan du har talat med en jour. Den som följer efter kan märka det.
explain-next = Rensa filerna och lämna bara ut kopiorna. Ändra inte i originalen: de kan behövas som bevis. Alla uppgifter visas med --details.
hand-on = Allt i mappen med kopiorna går att lämna ut, så långt ett program kan avgöra.

hand-on-copies = Alla kopior från den här gången går att lämna ut, så långt ett program kan avgöra.
missing-files = { $n ->
    [one] En fil finns INTE bland kopiorna; skälet står ovan:
   *[other] { $n } filer finns INTE bland kopiorna; skälen står ovan:
 }
partly-clean = { $n ->
    [one] En kopia är bara delvis rensad. Läs ovan vad som är kvar innan du lämnar ut den:
   *[other] { $n } kopior är bara delvis rensade. Läs ovan vad som är kvar innan du lämnar ut dem:
 }
strangers = { $n ->
    [one] I mappen finns också en fil som inte kommer från den här gången. Ta bort den eller rensa den innan du lämnar ut mappen:
   *[other] I mappen finns också { $n } filer som inte kommer från den här gången. Ta bort dem eller rensa dem innan du lämnar ut mappen:
 }
companions = { $n ->
    [one] En av dem berättar om andra filer. Sådana filer lämnas aldrig ut.
   *[other] { $n } av dem berättar om andra filer. Sådana filer lämnas aldrig ut.
 }
list-more = { $n ->
    [one] och en till
   *[other] och { $n } till
 }
help-list = Behöver du hjälp? { $list }.
help-checked = Uppgifterna kontrollerades den { $day } och kan ha ändrats.

## Mappen som helhet
story-title = Tillsammans berättar filerna mer. Lämna inte ut dem utan att rensa:
story-somewhere = okänd plats
story-moved = Sedan { $since } finns bilder från en ny plats: { $new }. Från den förra, { $old }, finns inga nyare. Det kan visa att någon har flyttat.
story-moved-safe = Bilderna kan visa att någon har flyttat, och när.
story-home = En plats som någon återvänder till, troligen ett hem: { $place }. { $n } filer under { $days } dagar, mest kvällar, nätter och morgnar.
story-work = En plats som någon återvänder till, troligen en skola eller ett jobb: { $place }. { $n } filer under { $days } dagar: { $weekdays }, klockan { $from }–{ $to }.
story-returns = En plats som någon återvänder till: { $place }. { $n } filer under { $days } dagar: { $weekdays }, klockan { $from }–{ $to }.
story-way = { $n } platser på samma dag, { $when }, visar en väg på cirka { $km } km.
story-way-safe = Bilder från { $n } platser på samma dag visar en väg.
story-device = { $n } filer kommer från samma apparat
story-model = { $n } filer kommer från samma modell och kan vara från samma apparat
story-person = { $n } filer nämner samma namn
story-original = { $n } filer har samma id och hör ihop
story-originals = { $groups } grupper av filer hör ihop genom id:n, som mest { $n } filer.
story-folder = { $n } filer nämner samma mapp eller mall på en dator
story-pairs = { $n } filer hör ihop genom sina namn, till exempel { $example }: foto och film, råbild, eller uppgifter om bilden.
story-pairs-safe = { $n } filer hör ihop genom sina namn: foto och film, råbild, eller uppgifter om bilden.
weekdays = måndag tisdag onsdag torsdag fredag lördag söndag

## Utfall
renamed = namnet är bytt
nothing-found = inget hittades
cleaned = rensad
already-clean = var redan ren
reduced = DELVIS RENSAD
refused = INTE RENSAD
not-read = INTE LÄST
failed = MISSLYCKADES
taken-out-more = borttaget: { $list } med mera
taken-out = borttaget: { $list }
category-location = plats
category-time = tid
category-device = apparat
category-person = person
category-image = bilder inuti
category-history = historik
category-unknown = övrigt

## Skäl
reason-unknown-kind = Den här sortens fil går inte att rensa. Lämna inte ut den. Om den visar en bild eller en sida: spara den som JPEG eller PDF i ett program du litar på och rensa den nya filen.
reason-empty = Filen är tom. Det finns inget att rensa.
reason-unsupported = Filen går inte att rensa säkert: { $what }. { $advice }
advice-picture = Spara den som JPEG eller PNG i ett program du litar på och rensa den nya filen.
advice-drawing = Spara den som PDF eller PNG i ett program du litar på och rensa den nya filen.
advice-document = Öppna den i ett program du litar på, skriv ut den till en ny PDF och rensa den nya filen.
advice-archive = Packa upp den och rensa mappen med filerna från den.
advice-sound = Lämna inte ut den, utan skriv ner det som sägs.
repair-picture = Öppna den, spara den under ett nytt namn och rensa den nya filen, eller be att få filen igen.
repair-drawing = Öppna den, spara den som PDF eller PNG och rensa den nya filen, eller be att få filen igen.
repair-document = Öppna den, skriv ut den till en ny PDF och rensa den nya filen, eller be att få filen igen.
repair-archive = Packa upp den, om det går, och rensa mappen med filerna från den. Be annars att få filen igen.
repair-sound = Be att få filen igen, eller skriv ner det som sägs.
divide-picture = Spara den i mindre storlek, som JPEG eller PNG, i ett program du litar på. Rensa sedan den nya filen.
divide-drawing = Spara den som PDF eller PNG i ett program du litar på och rensa den nya filen.
divide-document = Dela upp den i mindre filer, eller skriv ut den till en ny PDF. Rensa sedan de nya filerna.
divide-archive = Packa upp den och rensa mappen med filerna från den.
divide-sound = Dela upp den i kortare filer i ett program du litar på och rensa dem.
reason-detail = { $sentence } (För den som kan tekniken: { $detail }.)
reason-damaged = Filen är skadad och går inte att rensa säkert. { $advice }
reason-limit = Filen är för stor eller har för många delar för att gå att kontrollera. { $advice }
reason-verify = Kopian klarade inte kontrollen och har kastats ({ $what }). Lämna inte ut originalet. Rapportera gärna felet.
reason-cancelled = Avbruten. Ingen kopia gjordes. Starta om när du vill.
reason-time = Det tog för lång tid och avbröts. Ingen kopia gjordes. Dela upp filen, eller försök igen när datorn har mindre att göra.
reason-changed = Filen ändrades medan den lästes. Försök igen när inget annat skriver till den.
reason-exists = Det finns redan en annan fil med det namnet. Välj en annan mapp med --output, eller ersätt med --overwrite.
reason-into-input = Mappen för kopiorna leder tillbaka till originalen. Välj en annan med --output.
reason-bug = Det blev fel i programmet. Ingen kopia gjordes. Lämna inte ut originalet. Rapportera gärna felet.
reason-read = Filen går inte att läsa: { $what }. Lämna inte ut den innan den är rensad.
reason-write = Kopian går inte att skriva: { $what }.
reason-not-pipe = Det här är ett rör (pipe) och ingen fil. Det finns inget att rensa.
reason-not-device = Det här är en enhet och ingen fil. Det finns inget att rensa.
reason-not-socket = Det här är en socket och ingen fil. Det finns inget att rensa.
reason-not-link = Det här är en länk till en annan fil. Den följs bara med --follow-links.
reason-not-loop = Den här länken går runt i en cirkel. Det finns inget att rensa.
reason-not-other = Det här är ingen fil. Det finns inget att rensa.
reason-companion-index = Mappens egna anteckningar: namn på eller bilder av andra filer, även raderade. Lämna inte ut filen.
reason-companion-lock = Spår efter ett dokument som var öppet: namnger användaren och datorn. Lämna inte ut filen.
reason-companion-backup = En äldre version av en annan fil. Lämna inte ut filen.
reason-companion-edits = Hör till en annan fil och berättar om den: plats, personer, ändringar. Lämna inte ut filen.
reason-companion-takeout = Vad ett album på nätet visste om en annan fil: plats, personer, datum. Lämna inte ut filen.
reason-companion-track = Berättar var en kamera, telefon eller drönare har varit. Lämna inte ut filen.
reason-companion-camera = En kameras anteckningar om en annan fil, eller en liten kopia av den. Lämna inte ut filen.
io-not-found = den finns inte
io-permission = behörighet saknas
io-full = disken är full
io-read-only = det går inte att skriva på disken eller i mappen
io-not-folder = det är ingen mapp
io-folder = det är en mapp
io-busy = ett annat program använder den
io-name = namnet är för långt eller har otillåtna tecken
io-network = nätverksdisken svarar inte
io-other = datorn svarar ”{ $what }”

## Summor
files = { $n ->
    [one] En fil
   *[other] { $n } filer
 }
count-not-read = { $n ->
    [one] en gick inte att läsa
   *[other] { $n } gick inte att läsa
 }
count-cleaned = { $n ->
    [one] en rensad
   *[other] { $n } rensade
 }
count-already-clean = { $n ->
    [one] en redan ren
   *[other] { $n } redan rena
 }
count-reduced = { $n ->
    [one] en delvis rensad
   *[other] { $n } delvis rensade
 }
count-refused = { $n ->
    [one] en inte rensad
   *[other] { $n } inte rensade
 }
count-failed = { $n ->
    [one] en misslyckades
   *[other] { $n } misslyckades
 }
sum = { $files }: { $list }.
worst-files = De farligaste, värst först:
group = { $name } ({ $files })
group-no-place = Utan plats
group-no-device = Utan apparat
group-no-person = Utan namn
group-no-day = Utan dag
nothing-changed = Inget har ändrats.
no-files = Där finns inga filer.
nothing-written = Inget har skrivits (--dry-run).
copies-in = Kopiorna finns i { $folders }. Originalen är orörda.
originals-unchanged = Originalen är orörda.
kept-times = Kopiorna visar när originalen ändrades, som du bad om (--times keep).
left-why = Det som är kvar står ovan. Det går inte att ta bort utan att ändra det som filen visar.
left-names = Namn som avslöjar något är kvar, som du bad om (--names keep).
renamed-sum = { $n ->
    [one] En kopia har fått ett nytt namn. Det gamla kan avslöja något.
   *[other] { $n } kopior har fått nya namn. De gamla kan avslöja något.
 }
none-made = { $n ->
    [one] En fil har ingen kopia
   *[other] { $n } filer har ingen kopia
 }
look-yourself = Titta själv på kopiorna innan du lämnar ut dem. Skyltar, ansikten, speglar och papper i bilden syns som förut. Bruset från kameran kan knyta ihop bilder. Originalen, backuper och papperskorgen berättar ännu allt.
next = Nästa steg: { $command }
interrupted = { $n ->
    [one] Avbrutet: en fil hanns inte med.
   *[other] Avbrutet: { $n } filer hanns inte med.
 } Ingen halvskriven fil är kvar.
interrupted-walk = { $n ->
    [one] Avbrutet innan alla filer var hittade: en hittad fil hanns inte med, och det kan finnas fler.
   *[other] Avbrutet innan alla filer var hittade: { $n } hittade filer hanns inte med, och det kan finnas fler.
 } Ingen halvskriven fil är kvar.
output-trouble = Kopior gick inte att skriva; se ovan.
report-saved = Rapporten finns i { $path }. Den namnger originalen: behåll den för dig själv.
report-saved-safe = Rapporten finns i { $path }. Den visar inga namn eller platser.

## Kontroll av kopior
verify-ok = ren, visar samma sak
verify-reduced = delvis ren, visar samma sak
verify-pixels = alla bildpunkter jämförda
verify-pixels-unknown = bildpunkterna går inte att jämföra för den här sortens fil
verify-unclean = INTE REN
verify-different = INTE SAMMA
verify-pixels-different = Bildpunkterna är inte desamma.
verify-payload-different = Kopian visar inte det som originalet visar.
verify-unclean-why = Kopian avslöjar fortfarande något, eller är inte det som programmet skriver: { $what }.
verify-error = GÅR INTE ATT JÄMFÖRA
verify-no-copy = INGEN KOPIA
verify-no-original = INGET ORIGINAL
verify-no-copy-why = Det finns ingen kopia av det här originalet.
verify-no-original-why = Det finns inget original som filen är en kopia av. Lämna inte ut filen osedd.
verify-sum = { $n ->
    [one] Ett par jämfört
   *[other] { $n } par jämförda
 }. Rena och lika: { $good }. Inte rena eller inte lika: { $bad }. Utan kopia: { $without_copy }. Utan original: { $without_original }.
verify-mixed = Ange två filer eller två mappar.

## Rapport i HTML
html-title = Vad filerna avslöjar
html-safe = Den här rapporten visar inga platser, namn eller nummer. Den går att lämna ut.
html-full = Den här rapporten visar platser, namn och nummer. Lämna inte ut den.
html-safe-pictures = Den här rapporten visar bilder ur kopiorna, men inga platser, namn eller nummer. Titta på bilderna innan du lämnar ut den.
html-summary = Sammanfattning
html-together = Vad filerna berättar tillsammans
html-means = Vad det betyder
html-map = Karta
html-map-places = { $n ->
    [one] Filerna visar en plats
   *[other] Filerna visar { $n } platser
 }
html-map-region = Området där flest filer är gjorda
html-map-says = Först världen, sedan området med flest filer. En punkt är en plats. En ring är en plats som någon återvänder till.
html-time = När filerna gjordes
html-column-when = När
html-column-files = Antal filer
html-sources = Orter: GeoNames (CC BY 4.0). Gränser: OpenStreetMap (ODbL). Kartor: Natural Earth.
html-help = Här finns hjälp
html-do = Gör så här
html-do-text = Lämna bara ut de rensade kopiorna. Behåll originalen på en säker plats: de kan behövas som bevis.
html-files = Filerna
html-column-mark = Läge
html-column-file = Fil
html-column-says = Berättar
html-file = Fil { $number } { $kind }
html-tells = Berättar om: { $list }.
html-left = Kvar i kopian: { $list }.
html-more = { $n ->
    [one] En fil till visas inte här. Den finns med i rapporter i CSV och JSON.
   *[other] { $n } filer till visas inte här. De finns med i rapporter i CSV och JSON.
 }
html-proven = Rena och lika: { $n }
html-not-proven = Inte rena eller inte lika: { $n }
html-without-copy = Utan kopia: { $n }
html-without-original = Utan original: { $n }

## Fel
error-not-there = { $path }: { $what }
error-overlap = Mappen för kopiorna ({ $output }) och det som ska läsas ({ $input }) ligger i varandra. Välj en annan mapp med --output.
error-no-place = Bredvid den mappen går det inte att skapa en ny. Välj en mapp för kopiorna med --output.
error-not-writable = { $path }: { $what }. Välj en annan mapp med --output.
error-report-exists = { $path } finns redan; den ersätts inte.
error-report-kind = { $path }: rapportens namn ska sluta på .json, .csv eller .html.
error-report-inside = { $path } skulle hamna bland kopiorna. Rapporten nämner originalen. Lägg den på en annan plats.
error-report-write = Rapporten { $path } går inte att skriva: { $what }.
error-list = { $path }: { $what }
error-password-file = { $path }: lösenordet går inte att läsa ur den filen: { $what } Skriv --password utan värde för att få en fråga.
error-password = Det gick inte att fråga efter lösenordet: { $what } Lägg det i en fil och skriv --password=FIL.
password-prompt = { "Lösenord: " }
error-threads = Datorn klarar inte att arbeta med så mycket samtidigt: { $what }
error-disk = Disken tog inte emot kopiorna: { $what }. Dra inte ut den och lita inte på kopiorna där; rensa en gång till, till en annan disk.
error-usage-unknown = Valet { $arg } finns inte.
error-usage-command = { $arg } är inget kommando. Välj bland: scan, clean, verify, formats, completions, man.
error-usage-surplus = { $arg } är för mycket: kommandot tar inte emot mer.
error-usage-twice = { $arg } får bara stå där en gång.
error-usage-missing = Det här saknas: { $arg }
error-usage-value = { $value } går inte att använda för { $arg }. Välj bland: { $possible }
error-usage-number = { $value } går inte att använda för { $arg }: det ska vara ett heltal från 0 till 65535.
error-usage-empty = { $arg } behöver något mer efter sig.
error-usage-conflict = { $arg } går inte ihop med { $other }.
error-usage-other = Det gick inte att förstå.
error-usage-subcommand = Säg vad som ska göras: scan, clean, verify eller formats.
error-usage-hint = Hjälp: { $command }

## Sorters filer
noun-photo = foto
noun-picture = bild
noun-film = film
noun-sound = ljud
noun-document = dokument
noun-folder = mapp
formats-name = FORMAT
formats-extensions = ÄNDELSER
formats-more = Vad en kopia av varje sort får innehålla: sparlos formats --jsonl

## Förlopp
progress-left = { $time } kvar

## Hjälp
help-about = Hittar det som foton, filmer och dokument avslöjar om var någon är, och skriver rensade kopior. Original ändras aldrig, och inget lämnar datorn.
help-usage = Användning:
help-commands = Kommandon
help-arguments = Det som ska anges
help-options = Val
help-after = Börja med: sparlos scan MAPP
help-value-shell = SKAL
help-value-command = KOMMANDO
man-name = NAMN
man-synopsis = ANVÄNDNING
man-description = BESKRIVNING
man-version = VERSION
help-value-path = SÖKVÄG
help-value-original = ORIGINAL
help-value-cleaned = KOPIA
help-value-file = FIL
help-value-dir = MAPP
help-value-n = ANTAL
help-value-lang = SPRÅK
help-value-policy = REGEL
help-value-policy_of_copy = REGEL
help-value-names = VAL
help-value-group = VAL
help-value-times = VAL
help-usage-all = sparlos KOMMANDO …
help-usage-scan = sparlos scan [VAL] SÖKVÄG…
help-usage-clean = sparlos clean [VAL] SÖKVÄG…
help-usage-verify = sparlos verify [VAL] ORIGINAL KOPIA
help-usage-formats = sparlos formats [VAL]
help-scan = Vad avslöjar filerna? Inget ändras
help-clean = Skriv rensade kopior; originalen förblir som de är
help-verify = Kontrollera att en kopia är ren och visar samma sak
help-formats = Visa vad som går att läsa och rensa
help-usage-completions = sparlos completions [VAL] SKAL
help-usage-man = sparlos man [VAL] [KOMMANDO]
help-completions = Skriv en fil som låter skalet fylla i kommandon
help-man = Skriv en manualsida
help-arg-shell = bash, zsh, fish, powershell eller elvish
help-arg-command = scan, clean, verify eller formats [annars: programmet]
help-arg-thumbnails = Visa små bilder av kopiorna i rapporten i HTML
help-arg-help = Visa den här hjälpen
help-arg-version = Visa versionen
help-arg-paths = Filer och mappar; mappar med allt som finns i dem
help-arg-original = Originalet, eller mappen med original
help-arg-cleaned = Kopian, eller mappen med kopior
help-arg-jsonl = Skriv ett JSON-objekt per rad, för program (på engelska)
help-arg-report = Spara en rapport (.json, .csv eller .html)
help-arg-values = Ta med själva uppgifterna i sparade rapporter: platser, namn, nummer
help-arg-lang = Språk: sv eller en
help-arg-jobs = Antal filer åt gången
help-arg-quiet = Visa bara det som gick fel, och summan
help-arg-no_progress = Ingen förloppsmätare
help-arg-files_from = Ta sökvägarna från en fil, en per rad; - betyder det som skickas in
help-arg-null = Sökvägarna i filen slutar med en nollbyte i stället för radbyte
help-arg-follow_links = Följ symboliska länkar inuti mappar
help-arg-names_list = En fil med namn på personer och platser, ett per rad, som inte får stå i filnamn
help-arg-details = Visa alla uppgifter om varje fil
help-arg-group = Visa filerna efter plats (place), apparat (device), person eller dag (day)
help-arg-password = Öppna krypterade dokument med lösenord: programmet frågar, eller läser första raden i en fil
help-arg-output = Mappen för kopiorna [annars: MAPP-clean, eller clean bredvid en fil]
help-arg-policy = share: allt tas bort som inte ändrar bilden; strict: även HDR-data [annars: share]
help-arg-policy_of_copy = Hur kopiorna gjordes: share eller strict [annars: provar båda]
help-arg-names = Ersätt namn som avslöjar (auto), inga (keep) eller alla (neutral) [annars: auto]
help-arg-times = Kopiorna visar 1 januari 2000 (neutral) eller originalets tid (keep) [annars: neutral]
help-arg-dry_run = Visa vad som skulle göras, men skriv inget
help-arg-overwrite = Ersätt filer som redan finns
help-arg-allow_signed = Rensa signerade dokument. Signaturen går förlorad
help-arg-drop_uncleanable = Utelämna filer som inte går att rensa ur arkiv, i stället för att neka arkivet
help-arg-pixels = Avkoda båda och jämför även varje bildpunkt
