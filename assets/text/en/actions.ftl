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
action-roi-delete = Delete selected
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
action-view-bones = Bones
action-view-overlays = Regions and midline
action-help-palette = Find an action…
action-help-keys = Keys and mouse
action-help-about = About
