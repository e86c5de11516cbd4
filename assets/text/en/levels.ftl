## Levels

action-view-lesion = Upper level for lesions
action-view-square_root = Square root or linear
action-view-dual = Second intensity beside the first
action-view-dual_root = Linear and square root side by side
action-view-anchor = Tie the scale to the reference region
action-view-maximum = Percent of the largest value
action-view-sweep = Intensity sweep
action-view-link_windows = Link the levels of the views
action-view-link_cameras = Link zoom and pan of the views
action-view-load_colormap = Load a colour map…
action-roi-lesion = Region is a lesion
action-roi-reference = Region is the normal-bone reference
action-roi-background = Region is soft-tissue background
action-roi-subtract_background = Subtract background or not
action-roi-urine = Region is urine, not bone
action-roi-injection_site = Region is the injection site, not bone
action-roi-contamination = Region is contamination, not bone
action-roi-implant = Region is an implant, not bone
action-roi-not_bone = Region is not bone for another reason
levels-no-reference = No region stands for normal bone yet: draw one over normal bone, for instance a lumbar vertebra, and choose Region → Region is the normal-bone reference
levels-reference-gone = The reference region is gone; 100 % is the automatic level again
levels-of-maximum = { $percent } % of the maximum
levels-of-region = { $times } × reference { $name }
levels-square-root = square root
levels-logarithm = logarithm
levels-gamma = γ { $gamma }
levels-cut = cut below { $value }
levels-not-for-sizes = map not for sizes
levels-sweeping = Intensity sweep: Esc ends it
levels-bar-upper = Upper level of { $view }
levels-bar-lower = Lower level of { $view }
levels-bar-about = Drag, or arrow keys; double-click for automatic
colormap-loaded = The colour map { $name } is loaded
dialog-load-colormap = Colour map (.lut, .txt)
role-reference = reference
role-background = soft-tissue background
role-index = part of an index
role-urine = urine
role-injection-site = injection site
role-contamination = contamination
role-implant = implant
role-other = not bone
report-method-not-bone = { $count ->
    [one] Not bone, left out of automatic scale and statistics: { $names }.
   *[other] Not bone, left out of automatic scale and statistics: { $names }.
}
report-method-reference = Normal-bone reference: { $names }.
