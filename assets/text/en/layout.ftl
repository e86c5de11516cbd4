## Layouts, cines, hanging protocols

menu-layout = Layout
action-layout-one = One frame
action-layout-pair = Front and back
action-layout-grid = Frames in rows and columns
action-layout-fit = Every series at once
action-layout-more_columns = One column more
action-layout-fewer_columns = One column less
action-layout-next_page = Next page of frames
action-layout-previous_page = Previous page of frames
action-layout-panel = Layout…
action-cine-play = Play or stop
action-cine-faster = Play faster
action-cine-slower = Play slower
action-cine-bounce = Play there and back
action-hanging-next = Next hanging protocol
action-hanging-first = First hanging protocol
action-hanging-second = Second hanging protocol
action-hanging-third = Third hanging protocol
action-hanging-save = Keep this layout as a hanging protocol…

tab-layout = Layout
toolbar-layout = Layout ▼

layout-arrangement = On the canvas
layout-one = One
layout-pair = Pair
layout-grid = Grid
layout-fit = Fit
layout-columns = Columns
layout-columns-fit = As large as they fit
layout-columns-number = Number of columns
layout-count = Frames to a page
layout-count-all = All that can be read
layout-count-number = Number of frames to a page
layout-offset = First frame
layout-offset-number = First frame of the page
layout-series = Series
layout-series-shown = Show the frames of { $series }
layout-frames = Frames
layout-views = Views
layout-only-view = Only or also { $view }
layout-filter-first = First { $vector }
layout-filter-last = Last { $vector }
layout-filter-to = to
layout-sort = Sorted by
layout-sort-stored = As stored
layout-sort-view = View
layout-sort-descending = Descending
layout-not-a-page = The panes were put together by hand or by a protocol. Choose Grid or Fit to filter and sort frames.
layout-page = Frames { $first }–{ $last } of { $total }
layout-page-one = Frame { $first } of { $total }
layout-page-next = Next page
layout-page-previous = Previous page
layout-page-slider = Page of frames
layout-links = Linked
layout-link-camera = Zoom and pan
layout-link-window = Levels

vector-energy-window = Energy window
vector-detector = Detector
vector-phase = Phase
vector-time-slice = Time slice
vector-rr-interval = R–R interval
vector-time-slot = Time slot
vector-rotation = Rotation
vector-angular-view = Angular view
vector-slice = Slice

cine-title = Cine
cine-play = Play
cine-stop = Stop
cine-speed = Speed of the cine
cine-frame = Frame of the cine
cine-rate = Frames per second
cine-rate-suffix = { " " }/s
cine-bounce = There and back

frame-vector = { $vector } { $number }/{ $count }
frame-time = { $start }–{ $end } ({ $duration })
frame-seconds = { $seconds } s

hanging-title = Hanging protocols
hanging-apply = Hang { $title }
hanging-unfit = Needs other series than this study has
hanging-name = Name of the hanging protocol
hanging-name-hint = Name for this layout
hanging-save = Keep
hanging-no-folder = Layouts can be kept once the program has a folder for preferences.

studies-thumbnail = Show series { $series }
