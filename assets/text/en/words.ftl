## Views, as DICOM's view codes name them

view-anterior = Anterior
view-posterior = Posterior
view-left-lateral = Left lateral
view-right-lateral = Right lateral
view-left-anterior-oblique = Left anterior oblique
view-right-anterior-oblique = Right anterior oblique
view-left-posterior-oblique = Left posterior oblique
view-right-posterior-oblique = Right posterior oblique
view-axial = Axial
view-coronal = Coronal
view-sagittal = Sagittal
view-unknown = Unknown view
view-anterior-short = ANT
view-posterior-short = POST
view-left-lateral-short = L LAT
view-right-lateral-short = R LAT
view-left-anterior-oblique-short = LAO
view-right-anterior-oblique-short = RAO
view-left-posterior-oblique-short = LPO
view-right-posterior-oblique-short = RPO
view-axial-short = AX
view-coronal-short = COR
view-sagittal-short = SAG
view-unknown-short = VIEW ?

view-source-view-code = view code
view-source-orientation = image orientation
view-source-detector-angle = detector angle
view-source-description = series description
view-source-frame-order = frame order
view-source-image-content = image content
view-source-reader = the reader
view-source-unknown = not known

laterality-source-orientation = the image orientation stored in the file
laterality-source-view = the view, a detector storing what it sees
laterality-source-unknown = nothing in the file; no side is named

## Sides, always the patient's

side-left = left
side-right = right

## Kinds of series

kind-whole-body = Whole-body scan
kind-static = Static views
kind-dynamic = Dynamic study
kind-gated = Gated study
kind-spect = SPECT
kind-spect-projections = SPECT projections
kind-spect-gated = Gated SPECT
kind-pet = PET
kind-ct = CT
kind-other = Other images

## Patients

sex-male = male
sex-female = female
sex-other = other
age-days = { $n } days
age-weeks = { $n } weeks
age-months = { $n } months
age-years = { $n } y

## Why there is no twin, and why values are not counts

no-twin-not-wanted = the reader wants no twin
no-twin-not-compared = no twin: the region is not there to be compared
no-twin-no-midline = no twin: the view has no midline
no-twin-touches-midline = no twin: the region touches the midline, and nothing beside it along the midline is free
no-twin-leaves-image = no twin: it would leave the image

not-counts-other-unit = the values are not counts
not-counts-rescaled = the values were rescaled, so they are not counts as detected
not-counts-not-whole = the values are not whole numbers
not-counts-negative = some values are negative
not-counts-lossy = the image was compressed with loss
not-counts-processed = the image was processed after acquisition
not-counts-scatter = the values do not scatter as counts do, so the image was processed
