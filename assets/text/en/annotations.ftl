## Annotations

annotation-new-text = Text
annotations-title = Annotations
annotations-text-of = Words of the { $kind }
annotations-text-hint = words
annotations-select = Select the { $kind }
annotations-remove = Remove the { $kind }
annotation-text = text
annotation-arrow = arrow
annotation-ruler = ruler
annotation-angle = angle
action-tool-text = Text
action-tool-arrow = Arrow
action-tool-ruler = Ruler
action-tool-angle = Angle
hint-text = Click where the words are to stand, then type them under Findings
hint-arrow = Drag from where the words are to stand to what the arrow points at
hint-ruler = Drag along the distance to measure
hint-angle = Click an end, the corner and the other end
