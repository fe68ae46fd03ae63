# What is said to people. Every key stands in sv.ftl as well.

## Findings
section-place = PLACE
section-time = TIME
section-device = DEVICE
section-person = PERSON
section-inside = INSIDE
section-history = HISTORY
section-other = OTHER
section-name = NAME
section-left = LEFT
place-point = { $latitude } { $north } { $longitude } { $east }
place-in = in { $town }
place-by = about { $km } km from { $town }
place-country = in { $country } or off its coast
place-country-near = in { $country } or off its coast, { $near }
place-remote = far from any town
place-nowhere = zero degrees north and east, which mostly means that the device had no position
compass = N S E W
within-metres = within { $n } m
within-kilometres = within { $n } km
more-places = { $n ->
    [one] and one more place
   *[other] and { $n } more places
 }
time-other = { $when } (saved or edited)
device-serial = serial { $text }
device-serial-bare = a serial number
device-software = made with { $text }
device-version = software { $text }
inside-thumbnail = { $n ->
    [one] a smaller picture inside, which may show what was cut away
   *[other] { $n } smaller pictures inside, which may show what was cut away
 }
inside-picture = { $n ->
    [one] a second, whole picture inside
   *[other] { $n } other whole pictures inside
 }
inside-video = { $n ->
    [one] a film inside, mostly with sound
   *[other] { $n } films inside, mostly with sound
 }
history-link = { $n ->
    [one] an id that links it with other files
   *[other] { $n } ids that link it with other files
 }
more-details = { $n ->
    [one] one more detail
   *[other] { $n } more details
 }
leftovers = { $n ->
    [one] one technical detail that the picture does not need
   *[other] { $n } technical details that the picture does not need
 }
quoted = “{ $text }”
details = { $n ->
    [one] one technical detail
   *[other] { $n } technical details
 }
name-location = a place in the name
name-time = a date in the name
name-device = a name that a camera or an app gives
name-person = a person in the name
name-history = a number or an ending in the name that tells
name-image = something in the name
name-unknown = a name that may tell something
months = January February March April May June July August September October November December
date = { $day } { $month } { $year }

## How dangerous a file is
risk-red = RED
risk-amber = AMBER
risk-green = GREEN
risk-place = Shows where it was made: { $what }.
risk-place-name = Names a place: { $what }.
risk-person = Tells about a person: { $what }.
risk-text = Contains text that may tell about a person: { $what }.
risk-inside = Contains more than it shows: { $what }.
risk-serial = Can be linked to one device: { $what }.
risk-device = Tells which device or program: { $what }.
risk-time = Shows when it was made: { $what }.
risk-time-other = Shows a time: { $what }.
risk-history = Tells what happened to the file: { $what }.
risk-other = Contains more than it needs: { $what }.
risk-name = The file name may give something away: { $what }.
risk-bare = May tell about: { $about }, by data that only programs read.
risk-other-bare = Contains more than it needs.
and-more = { $list } and more
risk-also = Also: { $list }.
category-name = the file name
count-red = { $n ->
    [one] one red
   *[other] { $n } red
 }
count-amber = { $n ->
    [one] one amber
   *[other] { $n } amber
 }
count-green = { $n ->
    [one] one green
   *[other] { $n } green
 }
explain-location = Place: the file can lead somebody to an address. Do not send it to anybody, not even to somebody you trust, before it is cleaned.
explain-person = Person: the file contains names, or text that somebody wrote. The name of a protected person, or of staff, can be enough to find the way.
explain-image = Inside: the file contains pictures that are not shown, such as what was cropped away.
explain-device = Device: files from one phone, camera or computer can be linked. Who has one of them can recognise the next.
explain-history = History: the file tells where it was saved, who changed it or which files it belongs with.
do-location = Do: clean the file first. If it has been sent already, talk with a shelter about what that can mean.
dont-location = Do not: put the file on the web or send it in a chat.
do-person = Do: read what it says and clean the file. Ask whoever is named before anything is handed on.
dont-person = Do not: take a name for harmless because you do not know it.
do-image = Do: clean the file. Then look at the copy.
dont-image = Do not: cover something in the picture and send it without cleaning it.
do-device = Do: clean all files from that device.
dont-device = Do not: remove apps from a phone that may be watched. Talk with a shelter or the police first.
do-history = Do: clean the file and hand on the copy.
dont-history = Do not: share a link to the file. The link shows whose account it is in.
service-microsoft = Account: a file points to a place in OneDrive or SharePoint. Check in the account who may open the folder and which links are shared. Do it from a computer that is safe.
service-google = Account: a file points to something at Google. Check in the account who may see files, pictures and maps, and which phones are signed in. Do it from a computer that is safe.
service-apple = Account: a file points to something in iCloud. Check in the account which albums and files are shared, and which phones are signed in. Do it from a computer that is safe.
service-dropbox = Account: a file points to something in Dropbox. Check in the account which folders and links are shared. Do it from a computer that is safe.
service-facebook = Account: a picture has been on Facebook or Instagram. It may still be there and show whose account it is. Check who may see the posts.
service-training = Account: a file comes from an app for exercise, such as Strava or Garmin. Others may see there where somebody usually goes. Check in the app who may see routes and maps.
service-sharing = Account: a file points to a service that shows where somebody is. Do not switch it off before you have talked to a shelter. Whoever follows may notice.
explain-next = Clean the files and hand on the copies only. Do not change the originals: they may be needed as evidence. All details are shown with --details.
hand-on = Everything in the folder with the copies can be handed on, as far as a program can tell.

hand-on-copies = All copies of this run can be handed on, as far as a program can tell.
missing-files = { $n ->
    [one] One file is NOT among the copies; the reason is given above:
   *[other] { $n } files are NOT among the copies; the reasons are given above:
 }
partly-clean = { $n ->
    [one] One copy is clean only in part. Read above what is left before you hand it on:
   *[other] { $n } copies are clean only in part. Read above what is left before you hand them on:
 }
strangers = { $n ->
    [one] The folder also contains a file that does not come from this run. Remove it or clean it before you hand on the folder:
   *[other] The folder also contains { $n } files that do not come from this run. Remove them or clean them before you hand on the folder:
 }
companions = { $n ->
    [one] One of them tells about other files. Such files are never handed on.
   *[other] { $n } of them tell about other files. Such files are never handed on.
 }
list-more = { $n ->
    [one] and one more
   *[other] and { $n } more
 }
help-list = Do you need help? { $list }.
help-checked = Checked on { $day }; this may have changed.

## The folder as a whole
story-title = Together the files tell more. Do not hand them on before they are cleaned:
story-somewhere = an unknown place
story-moved = Since { $since } there are pictures from a new place: { $new }. There are no newer ones from the one before, { $old }. This can show that somebody has moved.
story-moved-safe = The pictures can show that somebody has moved, and when.
story-home = A place that somebody returns to, probably a home: { $place }. { $n } files on { $days } days, mostly evenings, nights and mornings.
story-work = A place that somebody returns to, probably a school or a job: { $place }. { $n } files on { $days } days: { $weekdays }, between { $from } and { $to } o'clock.
story-returns = A place that somebody returns to: { $place }. { $n } files on { $days } days: { $weekdays }, between { $from } and { $to } o'clock.
story-way = { $n } places on one day, { $when }, show a way of about { $km } km.
story-way-safe = Pictures from { $n } places on one day show a way.
story-device = { $n } files come from the same device
story-model = { $n } files come from the same model and may be from the same device
story-person = { $n } files contain the same name
story-original = { $n } files have the same id and belong together
story-originals = { $groups } groups of files belong together by ids, at most { $n } files.
story-folder = { $n } files contain the same folder or template of a computer
story-pairs = { $n } files belong together by their names, such as { $example }: a photo and its film, a raw photo, or details of the picture.
story-pairs-safe = { $n } files belong together by their names: a photo and its film, a raw photo, or details of the picture.
weekdays = Monday Tuesday Wednesday Thursday Friday Saturday Sunday

## Outcomes
renamed = the name was changed
nothing-found = nothing found
cleaned = cleaned
already-clean = was clean already
reduced = REDUCED
refused = NOT CLEANED
not-read = NOT READ
failed = FAILED
taken-out-more = taken out: { $list } and more
taken-out = taken out: { $list }
category-location = place
category-time = time
category-device = device
category-person = person
category-image = pictures inside
category-history = history
category-unknown = other things

## Reasons
reason-unknown-kind = This kind of file cannot be cleaned. Do not hand it on. If it shows a picture or a page, save that as JPEG or PDF in a program you trust, and clean the new file.
reason-empty = The file is empty. There is nothing to clean.
reason-unsupported = This file cannot be cleaned safely: { $what }. { $advice }
advice-picture = Save it as JPEG or PNG in a program you trust, and clean that.
advice-drawing = Save it as PDF or PNG in a program you trust, and clean that.
advice-document = Open it in a program you trust, print it to a new PDF, and clean that.
advice-archive = Extract it, and clean the folder with the files from it.
advice-sound = Do not hand it on, but write down what is said.
repair-picture = Open it, save it under a new name, and clean that; or ask for the file once more.
repair-drawing = Open it, save it as PDF or PNG, and clean that; or ask for the file once more.
repair-document = Open it, print it to a new PDF, and clean that; or ask for the file once more.
repair-archive = Extract it if possible, and clean the folder with the files from it. Otherwise ask for the file once more.
repair-sound = Ask for the file once more, or write down what is said.
divide-picture = Save it at a smaller size, as JPEG or PNG, in a program you trust, and clean that.
divide-drawing = Save it as PDF or PNG in a program you trust, and clean that.
divide-document = Divide it into smaller files, or print it to a new PDF, and clean the new files.
divide-archive = Extract it, and clean the folder with the files from it.
divide-sound = Divide it into shorter files in a program you trust, and clean those.
reason-detail = { $sentence } (For technicians: { $detail }.)
reason-damaged = The file is damaged and cannot be cleaned safely. { $advice }
reason-limit = The file is too large or has too many parts to be checked. { $advice }
reason-verify = The copy did not pass the check and was thrown away ({ $what }). Do not pass the original on; please report this.
reason-cancelled = Interrupted. No copy was made. Start again when you like.
reason-time = It took too long and was left. No copy was made. Divide the file, or try again when the computer has less to do.
reason-changed = The file changed while it was read. Try again when nothing writes to it.
reason-exists = There is another file of that name in the output already. Choose another folder with --output, or replace with --overwrite.
reason-into-input = The output folder leads back into the originals. Choose another with --output.
reason-bug = A mistake in this program. No copy was made. Do not hand the original on; please report this.
reason-read = It cannot be read: { $what }. Do not hand it on before it is cleaned.
reason-write = The copy cannot be written: { $what }.
reason-not-pipe = This is a pipe, not a file. There is nothing to clean.
reason-not-device = This is a device, not a file. There is nothing to clean.
reason-not-socket = This is a socket, not a file. There is nothing to clean.
reason-not-link = This is a link to another file; it is not followed (--follow-links).
reason-not-loop = This link leads round in a circle. There is nothing to clean.
reason-not-other = This is not a file. There is nothing to clean.
reason-companion-index = A folder's own notes: names or previews of other files, also deleted ones. Do not pass it on.
reason-companion-lock = The mark of an open file: it names the user and the computer. Do not pass it on.
reason-companion-backup = An earlier version of another file. Do not pass it on.
reason-companion-edits = Goes with another file and tells about it: place, people, edits. Do not pass it on.
reason-companion-takeout = What an online album knew about another file: place, people, dates. Do not pass it on.
reason-companion-track = Tells where a camera, a phone or a drone was. Do not pass it on.
reason-companion-camera = A camera's notes or small copy of another file. Do not pass it on.
io-not-found = it does not exist
io-permission = there is no permission
io-full = the disk is full
io-read-only = the disk or folder cannot be written to
io-not-folder = it is not a folder
io-folder = it is a folder
io-busy = another program uses it
io-name = the name is too long or has letters that are not allowed
io-network = the network disk does not answer
io-other = the computer says “{ $what }”

## Summaries
files = { $n ->
    [one] one file
   *[other] { $n } files
 }
count-not-read = { $n ->
    [one] one could not be read
   *[other] { $n } could not be read
 }
count-cleaned = { $n } cleaned
count-already-clean = { $n } clean already
count-reduced = { $n } reduced
count-refused = { $n } not cleaned
count-failed = { $n } failed
sum = { $files }: { $list }.
worst-files = The most dangerous, worst first:
group = { $name } ({ $files })
group-no-place = Without a place
group-no-device = Without a device
group-no-person = Without a name
group-no-day = Without a day
nothing-changed = Nothing was changed.
no-files = There are no files there.
nothing-written = Nothing was written (--dry-run).
copies-in = The copies are in { $folders }. The originals were not changed.
originals-unchanged = The originals were not changed.
kept-times = The copies show when the originals were changed, as you asked (--times keep).
left-why = What is left is named above, because it cannot be taken out without changing what the file shows.
left-names = Names that tell were kept, as you asked (--names keep).
renamed-sum = { $n ->
    [one] One copy has a neutral name, because the name of the original may tell something.
   *[other] { $n } copies have neutral names, because the names of the originals may tell something.
 }
none-made = { $n ->
    [one] One file has no copy
   *[other] { $n } files have no copy
 }
look-yourself = Look at the copies yourself before you pass them on. Street signs, faces, reflections and papers in the picture are shown as before. The camera's own noise can link pictures. The originals, backups and the recycle bin still tell everything.
next = Next: { $command }
interrupted = Interrupted: { $n ->
    [one] one file was
   *[other] { $n } files were
 } not looked at. No half-written file is left.
interrupted-walk = Interrupted before all files were found: { $n ->
    [one] one file that was found was
   *[other] { $n } files that were found were
 } not looked at, and there can be more. No half-written file is left.
output-trouble = Copies could not be written; see above.
report-saved = The report is in { $path }. It names the originals: keep it to yourself.
report-saved-safe = The report is in { $path }. It contains no names or places.

## Checking copies
verify-ok = clean, shows the same
verify-reduced = partly clean, shows the same
verify-pixels = every pixel compared
verify-pixels-unknown = the pixels cannot be compared for this kind of file
verify-unclean = NOT CLEAN
verify-different = NOT THE SAME
verify-pixels-different = The pixels are not the same.
verify-payload-different = The copy does not show what the original shows.
verify-unclean-why = The copy still gives something away, or is not what this program writes: { $what }.
verify-error = CANNOT BE COMPARED
verify-no-copy = NO COPY
verify-no-original = NO ORIGINAL
verify-no-copy-why = There is no copy of this original.
verify-no-original-why = There is no original that this file is a copy of. Do not pass it on unseen.
verify-sum = { $n ->
    [one] one pair
   *[other] { $n } pairs
 }: { $good } clean and the same, { $bad } not. Without copy: { $without_copy }. Without original: { $without_original }.
verify-mixed = Give two files, or two folders.

## Report in HTML
html-title = What the files give away
html-safe = This report contains no places, names or numbers. It can be passed on.
html-full = This report contains places, names and numbers. Do not pass it on.
html-safe-pictures = This report shows pictures of the copies, but no places, names or numbers. Look at the pictures before you hand it on.
html-summary = Summary
html-together = What the files tell together
html-means = What it means
html-map = Map
html-map-places = { $n ->
    [one] The files show one place
   *[other] The files show { $n } places
 }
html-map-region = The region where most files were made
html-map-says = First the world, then the region where most files were made. Dots are places. Rings are places that somebody returns to.
html-time = When the files were made
html-column-when = When
html-column-files = Number of files
html-sources = Towns: GeoNames (CC BY 4.0). Borders: OpenStreetMap (ODbL). Maps: Natural Earth.
html-help = Where to get help
html-do = What to do
html-do-text = Hand on the cleaned copies only. Keep the originals in a safe place: they may be needed as evidence.
html-files = The files
html-column-mark = State
html-column-file = File
html-column-says = Tells
html-file = File { $number } { $kind }
html-tells = Tells about: { $list }.
html-left = Left in the copy: { $list }.
html-more = { $n ->
    [one] One more file is not shown here. Reports in CSV and JSON contain it.
   *[other] { $n } more files are not shown here. Reports in CSV and JSON contain them.
 }
html-proven = Clean and the same: { $n }
html-not-proven = Not clean or not the same: { $n }
html-without-copy = Without a copy: { $n }
html-without-original = Without an original: { $n }

## Errors
error-not-there = { $path }: { $what }
error-overlap = The folder for the copies ({ $output }) and the input ({ $input }) lie inside each other. Choose another folder with --output.
error-no-place = There is no place beside this folder. Choose one with --output.
error-not-writable = { $path }: { $what }. Choose another folder with --output.
error-report-exists = { $path } exists already; it is not replaced.
error-report-kind = { $path }: a report is .json, .csv or .html.
error-report-inside = { $path } would lie among the copies. The report names the originals, so keep it elsewhere.
error-report-write = The report { $path } cannot be written: { $what }.
error-list = { $path }: { $what }
error-password-file = { $path }: the password cannot be read from this file: { $what } Write --password without a value to be asked for it.
error-password = The password could not be asked for: { $what } Put it into a file and write --password=FILE.
password-prompt = { "Password: " }
error-threads = The computer has no room for another thread: { $what }
error-disk = The disk did not take the copies: { $what }. Do not pull it out and do not trust the copies on it; clean once more, to another disk.
error-usage-unknown = There is no option { $arg }.
error-usage-command = { $arg } is no command. Choose among: scan, clean, verify, formats, completions, man.
error-usage-surplus = { $arg } is too much: the command takes no more.
error-usage-twice = { $arg } may stand there only once.
error-usage-missing = This is missing: { $arg }
error-usage-value = { $value } will not do for { $arg }. Choose among: { $possible }
error-usage-number = { $value } will not do for { $arg }: it must be a whole number from 0 to 65535.
error-usage-empty = { $arg } needs something behind it.
error-usage-conflict = { $arg } does not go with { $other }.
error-usage-other = That was not understood.
error-usage-subcommand = Say what to do: scan, clean, verify or formats.
error-usage-hint = Help: { $command }

## Kinds of files
noun-photo = photo
noun-picture = picture
noun-film = film
noun-sound = sound
noun-document = document
noun-folder = folder
formats-name = FORMAT
formats-extensions = EXTENSIONS
formats-more = What a copy of each may consist of: sparlos formats --jsonl

## Progress
progress-left = { $time } left

## Help
help-about = Finds what photos, videos and documents give away about where somebody is, and writes cleaned copies. Originals are never changed, and nothing leaves the computer.
help-usage = Usage:
help-commands = Commands
help-arguments = Arguments
help-options = Options
help-after = Start with: sparlos scan FOLDER
help-value-shell = SHELL
help-value-command = COMMAND
man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-version = VERSION
help-value-path = PATH
help-value-original = ORIGINAL
help-value-cleaned = CLEANED
help-value-file = FILE
help-value-dir = DIR
help-value-n = N
help-value-lang = LANG
help-value-policy = POLICY
help-value-policy_of_copy = POLICY
help-value-names = NAMES
help-value-group = GROUP
help-value-times = TIMES
help-usage-all = sparlos COMMAND …
help-usage-scan = sparlos scan [OPTIONS] PATH…
help-usage-clean = sparlos clean [OPTIONS] PATH…
help-usage-verify = sparlos verify [OPTIONS] ORIGINAL CLEANED
help-usage-formats = sparlos formats [OPTIONS]
help-scan = What do these files give away? Nothing is changed
help-clean = Write cleaned copies; the originals stay as they are
help-verify = Check that a copy is clean and shows the same
help-formats = What can be read and cleaned
help-usage-completions = sparlos completions [OPTIONS] SHELL
help-usage-man = sparlos man [OPTIONS] [COMMAND]
help-completions = Print a file that lets the shell complete commands
help-man = Print a manual page
help-arg-shell = bash, zsh, fish, powershell or elvish
help-arg-command = scan, clean, verify or formats [default: the program]
help-arg-thumbnails = Show small pictures of the copies in reports in HTML
help-arg-help = This help
help-arg-version = The version
help-arg-paths = Files and folders; folders with all that is in them
help-arg-original = The original, or the folder of originals
help-arg-cleaned = Its copy, or the folder of copies
help-arg-jsonl = Write one JSON object a line, for programs
help-arg-report = Save a report (.json, .csv or .html)
help-arg-values = Put what was found itself into saved reports: places, names, numbers
help-arg-lang = Language: sv or en
help-arg-jobs = How many files at a time
help-arg-quiet = Say only what went wrong, and the sum
help-arg-no_progress = No progress bar
help-arg-files_from = Take the paths from a file, one a line; - for what is piped in
help-arg-null = Paths in that file end in a zero byte
help-arg-follow_links = Follow symbolic links inside folders
help-arg-names_list = A file with names of people and places, one a line, that must not stand in file names
help-arg-details = Show all findings of each file
help-arg-group = Show the files by place, device, person or day
help-arg-password = Open encrypted documents with a password: asked for, or from the first line of a file
help-arg-output = The folder for the copies [default: FOLDER-clean, or clean beside a file]
help-arg-policy = share: all goes that does not change the picture; strict: HDR data as well [default: share]
help-arg-policy_of_copy = The policy that the copies were made with: share or strict [default: tries both]
help-arg-names = Replace names that tell (auto), none (keep) or all (neutral) [default: auto]
help-arg-times = Copies show 1 January 2000 (neutral) or the original's time (keep) [default: neutral]
help-arg-dry_run = Say what would be done and write nothing
help-arg-overwrite = Replace files that exist
help-arg-allow_signed = Clean signed documents; their signatures are lost
help-arg-drop_uncleanable = Leave files that cannot be cleaned out of archives, instead of refusing the archive
help-arg-pixels = Decode both and compare every pixel as well
