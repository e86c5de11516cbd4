## Scan quality

action-quality-show = Scan quality
action-quality-clear = Hide the shown place
action-thin-half = Thin to half the counts
action-thin-quarter = Thin to a quarter of the counts
action-thin-off = All counts again
quality-title = Scan quality
quality-awaited = being checked
quality-all-ok = { $ok ->
    [one] 1 check, ok
   *[other] { $ok } checks, all ok
}
quality-look-at = { $count ->
    [one] 1 to look at
   *[other] { $count } to look at
}
quality-count-ok = { $count } ok
quality-count-not-stated = { $count } not stated in the file
quality-count-not-judged = { $count } not judged
quality-unfold = Show all checks
quality-fold = Hide the checks
quality-column-verdict = Verdict
quality-column-check = Check
quality-column-limit = Limit
quality-column-source = Source of the limit
quality-show-place = Show where: { $sentence }
quality-no-limit = none
quality-ok = ok
quality-low = low
quality-high = high
quality-not-counts = not counts
quality-not-stated = not stated
quality-not-judged = not judged
quality-check-counts-per-view = Counts of the view
quality-check-thorax-counts = Counts per cm of thorax
quality-check-scan-speed = Scan speed
quality-check-time-after-injection = Time after injection
quality-check-window-centre = Energy window, centre
quality-check-window-width = Energy window, width
quality-check-truncation = Truncation
quality-check-saturation = Saturation
quality-check-bladder = Bladder's share of the counts
quality-check-injection-site = Injection site's share of the counts
quality-check-bone-to-soft-tissue = Bone to soft tissue
quality-check-dispersion = Scatter against counting statistics

## Derived series

derived-thinned = THINNED TO { $percent } %
derived-summed = { $count ->
    [one] 1 FRAME OF ITS SERIES
   *[other] SUM OF { $count } FRAMES
}
thin-title = Count thinning
thin-about = Keeps every count with this probability, as if the scan had been so much shorter. The copy bears a mark wherever it is shown, measured or written.
thin-all = All counts
thin-half = ½
thin-quarter = ¼
thin-percent = Counts kept, in percent
thin-seed = Seed of the draw
thin-seed-label = Seed
thin-apply = Thin
thin-refused = Cannot be thinned: { $reason }

## Scan quality in the report

report-heading-quality = Scan quality
report-quality-column-check = Check
report-quality-column-view = View
report-quality-column-value = Value
report-quality-column-limit = Limit
report-quality-column-verdict = Verdict
report-quality-sources = Limits: { $sources }. They are guideline values or this program's own, and say nothing of the patient.
