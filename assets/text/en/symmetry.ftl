## Asymmetry map

action-view-symmetry = Asymmetry map
display-symmetry = Asymmetry map
display-symmetry-about = How differently the two sides count, in standard deviations of counting noise and normal variation
symmetry-legend = SD, side to side
symmetry-under-way = Comparing the sides…
symmetry-none = No asymmetry map: { $reason }
symmetry-no-midline = No asymmetry map: the view has no midline
symmetry-canvas = { $count ->
    [0] The sides differ nowhere significantly
    [one] The sides differ significantly in 1 area
   *[other] The sides differ significantly in { $count } areas
  }
