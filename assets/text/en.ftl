# Every word the program shows, in English. Sections by the part that shows them; a key begins
# with its section's name. Sentence case; no full stop after a single sentence that is a label.

## Views, as DICOM's view codes name them

view-anterior = Anterior
view-posterior = Posterior
view-left-lateral = Left lateral
view-right-lateral = Right lateral
view-left-anterior-oblique = Left anterior oblique
view-right-anterior-oblique = Right anterior oblique
view-left-posterior-oblique = Left posterior oblique
view-right-posterior-oblique = Right posterior oblique
view-axial = Axial
view-coronal = Coronal
view-sagittal = Sagittal
view-unknown = Unknown view
view-anterior-short = ANT
view-posterior-short = POST
view-left-lateral-short = L LAT
view-right-lateral-short = R LAT
view-left-anterior-oblique-short = LAO
view-right-anterior-oblique-short = RAO
view-left-posterior-oblique-short = LPO
view-right-posterior-oblique-short = RPO
view-axial-short = AX
view-coronal-short = COR
view-sagittal-short = SAG
view-unknown-short = VIEW ?

view-source-view-code = view code
view-source-orientation = image orientation
view-source-detector-angle = detector angle
view-source-description = series description
view-source-frame-order = frame order
view-source-image-content = image content
view-source-unknown = not known

laterality-source-orientation = the image orientation stored in the file
laterality-source-view = the view, a detector storing what it sees
laterality-source-unknown = nothing in the file; no side is named

## Sides, always the patient's

side-left = left
side-right = right

## Kinds of series

kind-whole-body = Whole-body scan
kind-static = Static views
kind-dynamic = Dynamic study
kind-gated = Gated study
kind-spect = SPECT
kind-spect-projections = SPECT projections
kind-spect-gated = Gated SPECT
kind-pet = PET
kind-ct = CT
kind-other = Other images

## Patients

sex-male = male
sex-female = female
sex-other = other
age-days = { $n } days
age-weeks = { $n } weeks
age-months = { $n } months
age-years = { $n } y

## Why there is no twin, and why values are not counts

no-twin-not-wanted = the reader wants no twin
no-twin-no-midline = no twin: the view has no midline
no-twin-touches-midline = no twin: the region touches the midline
no-twin-leaves-image = no twin: it would leave the image

not-counts-other-unit = the values are not counts
not-counts-rescaled = the values were rescaled, so they are not counts as detected
not-counts-not-whole = the values are not whole numbers
not-counts-negative = some values are negative
not-counts-lossy = the image was compressed with loss
not-counts-processed = the image was processed after acquisition

## Report

report-title = Bone scan — quantitative worksheet
report-simulated = SIMULATED
report-simulated-long = SIMULATED — no patient was scanned
report-not-a-device = Not a medical device. Not for diagnosis.
report-page = Page
report-page-of = of
report-made = Made { $date } UTC
report-removed = [removed]
report-identity-initials = Identity reduced to initials
report-identity-none = Identity removed

report-heading-patient = Patient
report-heading-study = Study
report-heading-technique = Technique
report-heading-images = Key images
report-heading-more-images = More key images
report-heading-findings = Findings
report-heading-impression = Impression
report-heading-methods = Methods
report-heading-limits = Limits
report-heading-remarks = About the files

report-label-name = Name
report-label-id = ID
report-label-birth-date = Born
report-label-sex = Sex
report-label-age = Age
report-label-date = Date
report-label-description = Description
report-label-accession = Accession
report-label-institution = Institution
report-label-referring = Referred by
report-label-tracer = Tracer
report-label-activity = Activity
report-label-uptake = Imaged
report-label-camera = Camera
report-label-collimator = Collimator
report-label-velocity = Scan velocity
report-label-energy = Energy windows
report-label-kind = Acquisition

report-uptake = { $time } after injection
report-velocity = { $cm } cm/min
report-matrix = { $columns } × { $rows }
report-pixel-size = { $x } × { $y } mm
report-not-stated = not stated
report-hidden = withheld
report-frame = Frame { $number }
report-view-frame = { $view }, frame { $number }
report-of-series = { $view } (series { $number })

report-column-view = View
report-column-view-source = Known from
report-column-matrix = Matrix
report-column-pixel-size = Pixel size
report-column-duration = Duration
report-column-frame-total = Total
report-column-region = Region
report-column-side = Side
report-column-site = Site
report-column-counts = Counts
report-column-twin-counts = Twin counts
report-column-total = Sum
report-column-twin-total = Twin sum
report-column-pixels = Pixels
report-column-mean = Mean
report-column-ratio = Ratio
report-column-interval = { $percent } % interval
report-column-interval-mixed = Interval

report-no-findings = No region is marked for this report.
report-no-impression = No impression was written.
report-not-measured = Not measured: { $reason }.
report-interval-level = { $percent } % interval
report-unit-note = Values in { $unit }.
report-ratio-note = Ratio is the mean of the region over the mean of its contralateral twin.

report-method-program = Measured with { $program } from the pixel values stored in the files, in double precision.
report-method-membership = A pixel belongs to a region when its centre lies inside the outline; on the edge, left and top count as inside, right and bottom as outside.
report-method-twin = Twins are the regions' own outlines reflected, in millimetres, across the tangent of the midline nearest to their centre; shape and area are kept.
report-method-twin-placed = Twins placed by the reader: { $names }.
report-method-midline-fitted = Midline, { $view }: fitted to the image, quality { $quality } of 1.
report-method-midline-edited = Midline, { $view }: edited by the reader.
report-method-laterality = Left and right, { $views }: from { $source }.
report-method-garwood = Intervals of counts: exact Poisson (Garwood), { $percent } %.
report-method-clopper-pearson = Intervals of ratios: exact conditional binomial (Clopper–Pearson), { $percent } %.
report-method-no-interval = No interval for { $names }: { $reason }.
report-method-refused = Not measured: { $names }; { $reason }.
report-method-excluded = { $count ->
    [one] One marked region is left out of this report: { $names }.
   *[other] { $count } marked regions are left out of this report: { $names }.
}
report-remark-letters = Letters that this report's fonts lack are printed as □.
report-limit-counting = The intervals cover counting statistics alone: not positioning, scatter, attenuation or the drawing of the outline.
report-limit-asymmetry = Healthy sides differ too; a ratio whose interval excludes 1 is a measured difference, not a diagnosis.
report-limit-many = { $count } ratios have an interval; the level holds for each alone, not for all together.
report-limit-uncorrected = This program applied no background, scatter, attenuation or decay correction to the counts.
report-limit-no-spacing = A file states no pixel size; distances on it were taken as if pixels were square, and it has no areas.
report-limit-simulated = The images were simulated; the numbers describe no patient.

report-image-whole = { $views }: regions (amber) and their twins (blue; dashed where derived from the midline)
report-image-whole-plain = { $views }
report-image-whole-alt = { $views }: { $count ->
    [0] no region marked
    [one] one region marked: { $names }
   *[other] { $count } regions marked: { $names }
}
report-image-zoom = { $name }{ $place }
report-image-zoom-twin = { $name }{ $place }: region and twin
report-image-zoom-alt = Enlarged { $view } view around region { $name }{ $place }, ratio { $ratio }
report-image-twin = twin

## Window

window-title = Bonescope
toolbar-read = Read
toolbar-report = Report
tab-findings = Findings
tab-display = Display
status-not-a-device = Not a medical device
status-simulated = SIMULATED
status-opening = Opening { $name }
status-exporting = Writing { $name }
status-cancel = Cancel
toast-more = Details
toast-less = Fewer details
toast-close = Close this message

## Start screen

start-title = Bonescope
start-subtitle = Bone scans: regions, their twins on the other side, ratios with honest intervals
start-demo = Try a simulated case
start-demo-about = A whole-body scan with lesions
start-open-file = Open file…
start-open-file-about = DICOM, ZIP or DICOMDIR
start-open-folder = Open folder…
start-open-folder-about = Searched with all it contains
start-enter = Enter
start-cases = Simulated cases
start-path = Path to open
start-path-hint = or type a path and press Enter
start-drop = Files and folders can also be dropped anywhere on this window
start-let-go = Let go to open

## Studies

studies-title = Studies
studies-unnamed = Unnamed patient
studies-frames = { $count ->
    [one] 1 frame
   *[other] { $count } frames
}
studies-frame = Frame of the series
studies-show-frame = Show { $frame }

## Panes

pane-frame = { $view } { $number }/{ $count }
pane-levels = { $lower } to { $upper } { $unit }
pane-zoom = Zoom { $percent } %
pane-view-source = View known from { $source }
badge-mirrored = MIRRORED FOR DISPLAY
badge-lossy = COMPRESSED WITH LOSS
badge-side-unknown = SIDE NOT KNOWN

canvas-name = { $view } view
canvas-name-numbered = { $view } view { $number }
canvas-name-unknown = View { $number }
canvas-nothing-to-show = This study has no image that can be shown
canvas-description = Upper level { $upper } percent, { $regions ->
    [0] no region
    [one] 1 region
   *[other] { $regions } regions
}
canvas-selected = Selected: { $region }
canvas-ratio = ratio { $ratio }

readout-pixel = { $view }   column { $column }, row { $row }   { $value } { $unit }
readout-side = patient’s { $side }
readout-no-side = side not known

hint-select = Drag a region, its handles or a point of the midline; drag beside them to change the levels
hint-ellipse = Drag to draw an ellipse; hold Shift for a circle
hint-rectangle = Drag to draw a rectangle; hold Shift for a square
hint-polygon = Click for each corner; double-click to close
hint-freehand = Draw around the lesion with the button held down

## Findings

results-none = No regions yet
results-none-hint = Press E and drag over a lesion: its twin on the other side and their ratio appear here
results-select-one = Select a region to see its numbers
results-select = Select { $name }
results-site-of = Site of { $name }
results-site-hint = site
results-report-of = { $name } in the report
results-column-region = Region
results-column-side = Side
results-column-site = Site
results-column-ratio = Ratio
results-column-interval = Interval
results-column-sums = Sums
results-column-report = Rep.
results-about-region = Name on the image; drawn in the same colour there
results-about-side = The patient’s side, from the geometry in the file
results-about-site = In your words; the side is added by itself
results-about-ratio = Mean of the region over mean of its twin
results-about-interval = 95 % interval of the ratio, from counting statistics alone
results-about-sums = Sum of the region’s values and of its twin’s: the counts, where the image has counts
results-about-report = Whether the report lists it

card-region = Region
card-twin = Twin
card-twin-placed = Twin (placed)
card-ratio-about = Mean of the region over mean of its contralateral twin
card-no-interval = no interval
card-why-no-interval = No interval: { $reason }
card-differs = The interval excludes 1
card-includes-one = the interval includes 1: no measured difference
card-total = Sum
card-total-about = Sum of the pixel values inside the outline
card-total-interval = 95 % of sum
card-total-interval-about = Exact Poisson interval of the counts
card-mean = Mean
card-mean-about = Sum over the number of pixels
card-max = Maximum
card-max-about = The highest pixel value inside the outline
card-sd = Std. deviation
card-sd-about = Sample standard deviation over the pixels (n − 1)
card-rate = Rate
card-rate-about = Sum over the frame’s duration
card-pixels = Pixels
card-pixels-about = Pixels whose centres lie inside the outline, and their area
card-method = Interval: { $method }
card-twin-on = Show twin
card-twin-off = No twin
card-note-of = Note on { $name }
card-note-hint = What the report says of this region

## Display

display-upper = Upper level
display-upper-in = Upper level in { $unit }
display-upper-percent = Upper level in percent
display-lower = Lower level
display-lower-in = Lower level in { $unit }
display-lower-percent = Lower level in percent
display-automatic = Automatic
display-colormap = Colour map
display-transfer = Transfer
display-sampling = Between pixels
display-mirrored = Left and right exchanged on the screen
display-mirrored-about = Display only: letters and sides travel with the patient
display-overlays = Regions, labels and midline
display-corner-texts = Corner texts and colour bar
colormap-grey = Grey
colormap-inverted-grey = Inverted grey
colormap-hot-iron = Hot iron
colormap-pet = PET (not for comparing sizes of difference)
colormap-hot-metal-blue = Hot metal blue
colormap-pet-20-step = PET, 20 steps
colormap-viridis = Viridis
colormap-cividis = Cividis
colormap-inferno = Inferno
transfer-linear = Linear
transfer-square-root = Square root
transfer-logarithm = Logarithm
sampling-nearest = Pixels as they are
sampling-bicubic = Smooth

## Report preview

preview-coming = The report is being set…
preview-page = Report page { $number }
preview-impression-hint = Your impression, in your own words
preview-identity = Identity
preview-paper-white = Paper white
preview-export = Export…
preview-no-pdf = This build has no PDF reports, and so no preview; CSV, JSON and PNG can be exported
identity-full = Full
identity-initials = Initials
identity-none = None

## Dialogs

dialog-open-file = Open file
dialog-open-folder = Open folder
dialog-load-regions = Load regions
dialog-save-regions = Save regions
dialog-save-report = Export report
dialog-no-chooser = This desktop showed no file dialog. Type the path instead.
dialog-ok = OK
dialog-cancel = Cancel
dialog-keys = Keys and mouse
dialog-keys-mouse = Mouse
mouse-wheel = Wheel
mouse-wheel-does = Zoom at the pointer
mouse-shift-wheel = Shift+wheel
mouse-shift-wheel-does = Upper level
mouse-middle = Middle drag
mouse-middle-does = Move the picture
mouse-drag = Drag
mouse-drag-does = Levels, with the select tool beside regions
mouse-shift-drag = Shift+drag
mouse-shift-drag-does = Circle or square; a twin of its own place
mouse-escape = Esc
mouse-escape-does = Take back a gesture, let go of a region
export-format = Format
export-path = File
export-choose = Choose…
export-replace = Replace an existing file
export-go = Export
leaving-title = Unsaved regions
leaving-about = The regions and words of this session have not been saved.
leaving-save = Save regions…
leaving-discard = Discard
leaving-stay = Stay
about-version = Version { $version }
about-what = SPECT and PET bone scans: regions, contralateral twins, ratios with exact intervals, reports.
about-licence = MIT or Apache 2.0. Fonts: Noto, SIL Open Font Licence 1.1.
about-cpu-painter = Painting on the CPU: no graphics card was found

## Palette

palette-search = Search actions
palette-hint = What would you like to do?
palette-nothing = Nothing fits
palette-case = Simulated case: { $title }

## Menus

menu-file = File
menu-edit = Edit
menu-view = View
menu-region = Region
menu-tool = Tool
menu-help = Help

## Actions

action-file-open = Open file…
action-file-open_folder = Open folder…
action-file-demo = Try a simulated case
action-file-load_regions = Load regions…
action-file-save_regions = Save regions…
action-file-quit = Quit
action-report-preview = Report preview
action-report-export = Export report…
action-job-cancel = Cancel the running job
action-edit-undo = Undo
action-edit-redo = Redo
action-roi-delete = Delete region
action-roi-mirror = Twin on or off
action-roi-detach_twin = Detach twin
action-roi-reattach_twin = Reattach twin
action-roi-in_report = In the report or not
action-roi-next = Next region
action-roi-previous = Previous region
action-midline-automatic = Automatic midline
action-tool-select = Select and adjust
action-tool-ellipse = Ellipse
action-tool-rectangle = Rectangle
action-tool-freehand = Freehand
action-tool-polygon = Polygon
action-view-fit = Fit to pane
action-view-zoom_in = Zoom in
action-view-zoom_out = Zoom out
action-view-auto_window = Automatic levels
action-view-upper_100 = Upper level 100 %
action-view-upper_75 = Upper level 75 %
action-view-upper_50 = Upper level 50 %
action-view-upper_25 = Upper level 25 %
action-view-invert = Invert grey
action-view-colormap = Next colour map
action-view-transfer = Next transfer function
action-view-sampling = Smooth or pixels
action-view-mirror = Mirror for display
action-view-next_frame = Next frame
action-view-previous_frame = Previous frame
action-view-next_pane = Next pane
action-view-corner_texts = Corner texts
action-view-overlays = Regions and midline
action-help-palette = Find an action…
action-help-keys = Keys and mouse
action-help-about = About

## Notices

notice-cancelled = Cancelled
notice-job-crashed = Something went wrong inside the program while doing this. Your regions are safe.
notice-nothing-readable = Nothing there can be read as an image ({ $count ->
    [one] 1 file
   *[other] { $count } files
} looked at)
notice-skipped = { $count ->
    [one] 1 file was skipped
   *[other] { $count } files were skipped
}
notice-written = Written: { $path }
