## Curves, profiles, histograms, conjugate views

action-roi-copy_conjugate = Copy to the opposite view
action-roi-copy_to_phases = Copy to flow, pool and delayed
action-view-crosshair = Crosshair in both views
action-view-plots = Curve, profile and histogram
action-curve-export = Export curves…
