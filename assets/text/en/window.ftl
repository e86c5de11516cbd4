## Window

window-title = Bonescope
toolbar-read = Read
toolbar-report = Report
tab-findings = Findings
tab-display = Display
status-not-a-device = Not a medical device
status-simulated = SIMULATED
status-analysing = Looking for midlines
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
pane-counts = { $counts } counts
pane-view-source = View known from { $source }
badge-mirrored = MIRRORED FOR DISPLAY
badge-lossy = COMPRESSED WITH LOSS
badge-side-unknown = SIDE NOT KNOWN
badge-side-not-stated = SIDE NOT STATED BY THE FILE

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
readout-bone = { $site } { $confidence }
readout-side = patient’s { $side }
readout-no-side = side not known

hint-select = Drag a region, its handles or a point of the midline; drag beside them to change the levels
hint-ellipse = Drag to draw an ellipse; hold Shift for a circle
hint-rectangle = Drag to draw a rectangle; hold Shift for a square
hint-polygon = Click for each corner; double-click to close
hint-freehand = Draw around the lesion with the button held down

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
