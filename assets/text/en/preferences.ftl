## Preferences

preferences-title = Preferences
preferences-general = General
preferences-display = Display
preferences-keys = Keys
preferences-close = Close
preferences-defaults = Back to the defaults
preferences-theme = Theme
theme-reading-room = Reading room
theme-day = Day
preferences-scale = Size of the interface
preferences-dimmer = Dim the panels by
preferences-dimmer-about = Panels become darker, images stay as they are
preferences-reduce-motion = No animation
preferences-language = Language
language-english = English
preferences-identity = Identity in exports
preferences-recent = Recent files
preferences-remember-recent = Remember where opened files are
preferences-remember-recent-about = Paths only, on this computer, in the preferences file; folder and file names may say who the patient is
preferences-forget = { $count ->
    [0] Nothing to forget
    [one] Forget 1 path
   *[other] Forget { $count } paths
}
preferences-display-about = What images open with; what you set on an image yourself stays.
preferences-surround = Beside images
surround-black = Black
surround-grey = Grey
surround-white = White
preferences-hanging = Hanging protocols
preferences-hanging-hint = Folder of your own protocols

## Key editor

keys-preset = Keys as in
keys-reset-all = Reset all
keys-search = Search actions and keys
keys-change = Change
keys-change-of = Change keys: { $action }
keys-add = Add
keys-add-of = Add a key: { $action }
keys-none = None
keys-none-of = No key: { $action }
keys-reset = Reset
keys-reset-of = Reset keys: { $action }
keys-press = Press the keys for “{ $action }”; Esc leaves them as they are
keys-reserved = { $keys } belongs to the window; press other keys
keys-taken = { $keys } stands for “{ $other }”
keys-take = Take it from “{ $other }”

## Help sheet

help-hint = Search
help-search = Search keys
help-arrows = Without a mouse
arrows-select = Arrows
arrows-select-does = Move what is selected by a pixel; without one, ↑ and ↓ step through frames
arrows-size = Shift+arrows
arrows-size-does = Resize the selected region
arrows-draw = Tool, then arrows
arrows-draw-does = Move the crosshair of the drawing tool
arrows-put = Tool, then Enter
arrows-put-does = Put the shape, a corner, or begin and end a line at the crosshair
arrows-leap = Ctrl+arrows
arrows-leap-does = Ten pixels at a time
arrows-pan = Alt+arrows
arrows-pan-does = Move the picture
arrows-tab = Tab, Shift+Tab
arrows-tab-does = Next and previous control
arrows-scale = Ctrl++, Ctrl+-, Ctrl+0
arrows-scale-does = Size of the interface

## Recent files

start-recent = Open again
palette-recent = Open again: { $name }

## Actions

action-window-preferences = Preferences…
action-window-next_part = Next part of the window
action-window-previous_part = Previous part of the window
action-roi-next_handle = Next handle of the region or midline
