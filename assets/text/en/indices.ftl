## Indices

menu-index = Index
action-index-sacroiliac = Sacroiliac joint / sacrum
action-index-condyles = Condylar share
action-index-crps = Regional pain: side / side, hands
action-index-femoral_head = Femoral head, side / side
action-index-kidney = Kidney / lumbar spine
action-index-soft_tissue = Bone / soft tissue, thigh
action-index-jaw = Jaw, side / side

index-template = { $title }: the bones are not known on this view, so the regions lie in its middle. Drag each to its place.
index-range-of = { $name }: { $says }
index-inside = inside { $range } ({ $source }; { $mark })
index-outside = outside { $range } ({ $source }; { $mark })
index-either = not told apart from { $range } ({ $source }; { $mark })
index-mark-abstract = from its abstract
index-mark-memory = from memory, to be verified
index-mark-own = this site
index-no-diagnosis = A range describes whom it was found in; being outside it is no diagnosis.

report-heading-indices = Indices
report-column-index = Index
report-column-index-result = Result
report-column-index-value = Value
report-column-index-ranges = Beside published ranges
