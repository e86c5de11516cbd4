## Naming views, and which side of the patient is on which side of the screen

action-view-confirm = Confirm the view
action-view-name_anterior = View is anterior
action-view-name_posterior = View is posterior
action-view-name_left_lateral = View is left lateral
action-view-name_right_lateral = View is right lateral
action-view-name_left_anterior_oblique = View is left anterior oblique
action-view-name_right_anterior_oblique = View is right anterior oblique
action-view-name_left_posterior_oblique = View is left posterior oblique
action-view-name_right_posterior_oblique = View is right posterior oblique
action-view-name_unknown = View is unknown
action-view-name_as_stated = View as the file states it
action-view-mirror_posterior = Mirror posterior views
menu-name-view = Name the view

chip-confirm-view = Confirm { $view }
chip-confirm-view-about = From the { $source }. Confirm it, and left and right count as stated by you; undoable
chip-name-view = Name the view
chip-name-view-of = Name the view of pane { $pane }
