## Report

report-title = Bone scan — quantitative worksheet
report-simulated = SIMULATED
report-simulated-long = SIMULATED — no patient was scanned
report-not-a-device = Not a medical device. Not for diagnosis.
report-page = Page
report-page-of = of
report-made = Made { $date } UTC
report-removed = [removed]
report-identity-initials = Identity reduced to initials
report-identity-none = Identity removed

report-heading-patient = Patient
report-heading-study = Study
report-heading-technique = Technique
report-heading-images = Key images
report-heading-more-images = More key images
report-heading-findings = Findings
report-heading-impression = Impression
report-heading-methods = Methods
report-heading-limits = Limits
report-heading-remarks = About the files

report-label-name = Name
report-label-id = ID
report-label-birth-date = Born
report-label-sex = Sex
report-label-age = Age
report-label-date = Date
report-label-description = Description
report-label-accession = Accession
report-label-institution = Institution
report-label-referring = Referred by
report-label-tracer = Tracer
report-label-activity = Activity
report-label-uptake = Imaged
report-label-camera = Camera
report-label-collimator = Collimator
report-label-velocity = Scan velocity
report-label-energy = Energy windows
report-label-kind = Acquisition

report-uptake = { $time } after injection
report-velocity = { $cm } cm/min
report-matrix = { $columns } × { $rows }
report-pixel-size = { $x } × { $y } mm
report-not-stated = not stated
report-hidden = withheld
report-frame = Frame { $number }
report-view-frame = { $view }, frame { $number }
report-of-series = { $view } (series { $number })

report-column-view = View
report-column-view-source = Known from
report-column-matrix = Matrix
report-column-pixel-size = Pixel size
report-column-duration = Duration
report-column-frame-total = Total
report-column-region = Region
report-column-side = Side
report-column-site = Site
report-column-counts = Counts
report-column-twin-counts = Twin counts
report-column-total = Sum
report-column-twin-total = Twin sum
report-column-pixels = Pixels
report-column-mean = Mean
report-column-ratio = Ratio
report-column-interval = { $percent } % interval
report-column-interval-mixed = Interval

report-no-findings = No region is marked for this report.
report-no-impression = No impression was written.
report-not-measured = Not measured: { $reason }.
report-interval-level = { $percent } % interval
report-unit-note = Values in { $unit }.
report-q = q { $q }.
report-background = Background { $mean } per pixel; net { $net }, twin { $twin }.
report-both-views = With { $with }: geometric mean { $mean }.
report-both-views-ratio = With { $with }: geometric mean { $mean }, ratio { $ratio }.
report-ratio-note = Ratio is the mean of the region over the mean of its contralateral twin.

report-method-program = Measured with { $program } from the pixel values stored in the files, in double precision.
report-method-membership = A pixel belongs to a region when its centre lies inside the outline; on the edge, left and top count as inside, right and bottom as outside.
report-method-twin = Twins are the regions' own outlines reflected across the midline and brought onto the same bone by registering the mirrored image to the image; they are moved and turned as rigid bodies, so shape and area are kept.
report-method-twin-neighbours = Regions on the midline compared with their own outline above and below along the midline, both neighbours' counts taken together: { $names }.
report-method-twin-placed = Twins placed by the reader: { $names }.
report-method-midline-fitted = Midline, { $view }: fitted to the image, quality { $quality } of 1.
report-method-midline-edited = Midline, { $view }: edited by the reader.
report-method-laterality = Left and right, { $views }: from { $source }.
report-method-garwood = Intervals of counts: exact Poisson (Garwood), { $percent } %.
report-method-clopper-pearson = Intervals of ratios: exact conditional binomial (Clopper–Pearson), { $percent } %.
report-method-mover = Changes of a ratio: variance estimates recovered on the logarithmic scale (Zou and Donner 2008).
report-method-profile-likelihood = Intervals of ratios over a background: profile likelihood of three Poisson counts, which the background region enters once for both sides, { $percent } %.
report-method-background = Ratios are those of net counts: from region and twin the mean of the view's soft-tissue regions was subtracted, pixel for pixel.
report-method-jitter = “Hand” is the standard deviation of a ratio over a fixed set of moves: the region by up to one pixel along rows and columns, the midline by one column (a twin placed by hand by itself). “Noise” is that of counting statistics, from the interval's width.
report-method-control = q is the p-value of a ratio of 1 (exact conditional binomial test) after control of the false-discovery rate among all ratios of the study (Benjamini and Hochberg 1995).
report-method-both-views = Both views together: geometric mean of the two views' counts, and of their ratios (interval recovered on the logarithmic scale).
report-method-no-interval = No interval for { $names }: { $reason }.
report-method-refused = Not measured: { $names }; { $reason }.
report-method-excluded = { $count ->
    [one] One marked region is left out of this report: { $names }.
   *[other] { $count } marked regions are left out of this report: { $names }.
}
report-remark-letters = Letters that this report's fonts lack are printed as □.
report-limit-counting = The intervals cover counting statistics alone: not positioning, scatter, attenuation or the drawing of the outline.
report-limit-asymmetry = Healthy sides differ too; a ratio whose interval excludes 1 is a measured difference, not a diagnosis.
report-limit-many = { $count } ratios have an interval; the level holds for each alone, not for all together.
report-limit-uncorrected = This program applied no background, scatter, attenuation or decay correction to the counts.
report-limit-uncorrected-but-background = Apart from the background that was subtracted, this program applied no scatter, attenuation or decay correction to the counts.
report-limit-no-spacing = A file states no pixel size; distances on it were taken as if pixels were square, and it has no areas.
report-limit-view-by-reader = { $view }: the view was named by the reader; its sides follow from it.
report-limit-view-not-stated = { $view }: the file does not state the view; it was taken from the { $source } and not confirmed by the reader. Left and right depend on it.
report-limit-simulated = The images were simulated; the numbers describe no patient.

report-image-whole = { $views }: regions (amber) and their twins (blue; dashed where derived from the midline)
report-image-whole-plain = { $views }
report-image-whole-alt = { $views }: { $count ->
    [0] no region marked
    [one] one region marked: { $names }
   *[other] { $count } regions marked: { $names }
}
report-image-zoom = { $name }{ $place }
report-image-zoom-twin = { $name }{ $place }: region and twin
report-image-zoom-alt = Enlarged { $view } view around region { $name }{ $place }, ratio { $ratio }
report-image-neighbours = neighbour above or below
report-image-twin = twin

## Report preview

preview-coming = The report is being set…
preview-page = Report page { $number }
preview-impression-hint = Your impression, in your own words
preview-identity = Identity
preview-paper-white = Paper white
preview-export = Export…
preview-no-pdf = This build has no PDF reports, and so no preview; CSV, JSON and PNG can be exported
identity-full = Full
identity-initials = Initials
identity-none = None
report-site-proposed = The site is the one that an atlas of the skeleton, laid over the image, has there
