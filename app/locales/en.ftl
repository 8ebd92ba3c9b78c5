### Every text of the workbench, grouped by where it stands.
### A count shows as its number; plural forms follow the language's own rules.

app-name = VisionFlow
tab-title = { $page } · VisionFlow
loading = Loading
breadcrumbs = Where you are
account = Account
toasts = Messages
someone = Someone

## Actions that appear in many places

action-add = Add
action-cancel = Cancel
action-close = Close
action-collapse = Collapse
action-copy = Copy
action-create = Create
action-discard = Discard changes
action-dismiss = Dismiss
action-expand = Expand
action-rename = Rename
action-retry = Try again
action-undo = Undo

## Moments and amounts

time-now = just now
time-minutes = { $n ->
    [one] a minute ago
   *[other] { $n } minutes ago
}
time-hours = { $n ->
    [one] an hour ago
   *[other] { $n } hours ago
}
time-days = { $n ->
    [one] yesterday
   *[other] { $n } days ago
}
time-in-hours = { $n ->
    [one] in an hour
   *[other] in { $n } hours
}
time-in-days = { $n ->
    [one] in a day
   *[other] in { $n } days
}
count-photographs = { $n ->
    [one] { $n } photograph
   *[other] { $n } photographs
}
count-annotations = { $n ->
    [one] { $n } annotation
   *[other] { $n } annotations
}
count-pending = { $n ->
    [one] { $n } suggestion to decide about
   *[other] { $n } suggestions to decide about
}
count-objects = { $n ->
    [one] { $n } object
   *[other] { $n } objects
}

## What can go wrong

error-offline = The server cannot be reached. Check your connection; nothing you did is lost.
error-signed-out = You are signed out. Sign in again to go on.
error-cancelled = This was cancelled.
error-forbidden = You may not do this here. Ask an admin of the project.
error-not-found = This does not exist, or not for you.
error-conflict = Someone else changed this at the same time.
error-too-large = This is too large for the server.
error-too-many = Too many tries. Wait a moment, then try again.
error-server = The server could not do this (status { $status }). Try again in a moment.
error-storage = The storage refused the file (status { $status }).
error-unreadable = The server answered in a way this page does not understand. Reload the page.
state-offline = No connection
state-not-found = Nothing here
state-error = That did not work
state-request-id = Request { $id }
offline-strip = You are offline. What you annotate is kept in this browser and sent when you are back.
page-not-found = There is no such page
page-not-found-text = The address may have a typing mistake in it, or the page has gone.
go-to-projects = Go to your projects

## Signing in and up

field-email = Email
field-name = Name
field-password = Password
field-new-password = New password
password-hint = At least { $n } characters.
password-too-short = The password needs at least { $n } characters.
sign-in = Sign in
sign-in-title = Sign in
sign-in-no-account = No account yet?
sign-in-forgotten = Forgotten your password? An admin of your workspace can give you a link to set a new one.
sign-in-wrong = The email or the password is wrong.
sign-up = Create account
sign-up-link = Create one
sign-up-title = Create your account
sign-up-text = Your own workspace comes with it.
sign-up-have-account = Already have an account?
demo-text = This server runs the demo. Look around as one of its people:
demo-sign-in-as = Sign in as { $name }
demo-or = or
reset-title = Set a new password
reset-text = The link you opened is good once.
reset-submit = Set password
reset-done = Your password is set. Sign in with it.
invite-title = Invitation
invite-join = Join { $project }
invite-text = { $by } invites you to { $project } in { $workspace }. Your role: { $role }.
invite-gone = This invitation is no longer good
invite-gone-text = It has ended or was withdrawn. Ask whoever sent it for a new one.
invite-signed-in-as = You are signed in as { $email }.
invite-accept = Accept invitation
invite-joined = You have joined { $project }.

## Theme

theme-light = Light theme
theme-dark = Dark theme

## Workspaces and projects

workspace-switch = Workspace { $name }
workspace-new = New workspace
workspace-name = Workspace name
workspace-created = { $name } is ready.
projects-title = Projects
projects-empty = No projects yet
projects-empty-text = A project holds photographs, the labels they are annotated with, and the people who do it.
project-new = New project
project-create = Create project
project-name = Project name
project-name-placeholder = Street scenes
project-name-missing = Give the project a name.
project-type = Type
type-object-detection = Object detection
type-segmentation = Segmentation
type-classification = Classification
role-admin = Admin
role-reviewer = Reviewer
role-labeler = Labeler
role-none = View only

## Gallery

gallery-title = Photographs
gallery-search = Search by file name
gallery-deleted = Deleted
gallery-pending = With suggestions
gallery-empty = Drop photographs here
gallery-empty-text = Drag files or whole folders onto this page, or choose them. JPEG, PNG, TIFF, WebP, BMP and GIF.
gallery-empty-read-only = Nobody has added photographs yet.
gallery-none-found = No photograph matches
gallery-none-found-text = No file name contains “{ $search }”.
gallery-none-pending = Nothing to decide about
gallery-none-pending-text = No photograph has suggestions of a model that wait for a decision.
gallery-none-deleted = Nothing deleted
gallery-none-deleted-text = Deleted photographs wait here for 30 days and can be restored with their annotations.
read-only-project = View only
settings = Settings
restore = Restore
photograph-delete = Delete { $name }
photograph-deleted = { $name } deleted.
photograph-restore = Restore { $name }
photograph-restored = { $name } restored.
photograph-damaged = Damaged
drop-here = Drop to upload
drop-here-text = Files and whole folders

## Uploads

upload = Upload
upload-menu = Upload photographs
upload-files = Choose files
upload-folder = Choose a folder
upload-not-a-photograph = Not a photograph. JPEG, PNG, TIFF, WebP, BMP and GIF can be uploaded.
upload-empty = The file is empty.
upload-too-large = The file is larger than { $max }.
upload-offline = The connection was lost. Try again when you are back.
upload-waiting = Waiting
upload-preparing = Preparing
upload-sending = { $percent } %
upload-checking = Checking
upload-done = Uploaded
upload-cancelled = Cancelled
upload-retry = Try { $name } again
upload-cancel = Cancel { $name }
upload-progress-of = Upload of { $name }
uploads-title = Uploads
uploads-progress = All uploads
uploads-running-label = Uploads on their way
uploads-open = { $n ->
    [one] { $n } upload
   *[other] { $n } uploads
}
uploads-close = Close uploads
uploads-cancel-all = Cancel all
uploads-retry-failed = Retry failed
uploads-done = { $n ->
    [0] No file uploaded
    [one] { $n } photograph uploaded
   *[other] { $n } photographs uploaded
}
uploads-done-failed = { $n } uploaded, { $failed } failed
uploads-running = Uploading { $done } of { $all }
uploads-running-failed = Uploading { $done } of { $all }, { $failed } failed

## Export

export = Export
export-title = Export dataset
export-format = Format
export-include-images = Include the photographs
export-include-images-hint = Without them the zip holds annotations only and is small.
export-nothing = There is nothing to export yet.
export-start = Export
export-earlier = Exports
export-none-yet = Exports appear here, and stay for later.
export-with-images = with photographs
export-without-images = annotations only
export-queued = Waiting to start
export-running = { $done } of { $total } photographs
export-failed = The export failed.
export-cancelled = Cancelled
export-cancel = Cancel export
export-download = Download
export-progress = Export progress
export-gone = This export can no longer be downloaded.
presence-menu = { $name } is here
people-here = Who is at work in this project
presence-follow = Follow
presence-look = Go to where they are
picture-title = Export picture
picture-format = File
picture-png = PNG
picture-jpg = JPEG
picture-moment = Moment
picture-now = Now
picture-size = Size
picture-by-dpi = For paper
picture-dpi = Resolution in DPI
picture-dpi-wrong = A whole number from 1 to 768.
picture-pixels = { $size } pixels
picture-background = Background
picture-background-image = Photograph
picture-background-white = White
picture-background-transparent = Transparent
picture-comments = Comments as numbered badges
picture-unsaved = What is not saved yet will not be in the picture.
picture-start = Export
picture-progress = Drawing the picture
picture-failed = The picture could not be made.
format-coco = COCO
format-coco-text = One JSON file; boxes and polygons
format-yolo-detect = YOLO detect
format-yolo-detect-text = Text files with data.yaml; boxes
format-yolo-segment = YOLO segment
format-yolo-segment-text = Text files with data.yaml; polygons
format-pascal-voc = Pascal VOC
format-pascal-voc-text = An XML file per photograph; boxes

## Settings: labels

settings-of = Settings of { $project }
labels-title = Labels
labels-text = What annotations are called here. Labels are archived and never deleted, so that old annotations keep their meaning.
labels-add = Add labels
labels-add-placeholder = car, truck, person
labels-add-hint = Several at once, separated by commas or lines. Labels can also be added later.
labels-save = Save labels
labels-saved = Labels saved.
labels-reload = Load theirs
labels-conflict = Someone else saved the labels meanwhile. Load theirs to go on; your changes here are dropped then.
labels-read-only = Admins and reviewers can change labels.
labels-empty = No labels yet
labels-empty-text = Add the first ones above.
labels-archived = Archived labels
labels-archived-text = They stay on the annotations that have them, but cannot be given to new ones.
labels-faulty = These labels cannot be saved: { $fault }.
label-name = Label name
label-unknown = Unknown label
label-color-of = Colour of { $name }
label-hotkey-of = Hotkey of { $name }
label-hotkey-short = Key
label-key-taken = The key { $key } of “{ $label }” already belongs to “{ $command }”. Choose another one.
label-remove = Remove { $name }
label-up = Move { $name } up
label-down = Move { $name } down
label-archive = Archive { $name }
label-unarchive = Bring { $name } back
color-other = Other colour
attributes-of = Attributes of { $name }
attributes-none = An attribute is a question asked of every annotation with this label.
attribute-add = Add attribute
attribute-name = Attribute name
attribute-new-name = Attribute { $n }
attribute-kind = Kind
attribute-text = Text
attribute-number = Number
attribute-checkbox = Checkbox
attribute-select = Choice
attribute-options = Choices
attribute-options-placeholder = red, green, blue
attribute-required = Required
attribute-default = Default
attribute-default-none = None
attribute-default-yes = Yes
attribute-default-no = No
attribute-remove = Remove { $name }
attribute-unset = Not set
ontology-single-tag = One tag for a photograph
ontology-single-tag-why = Choosing another tag takes the place of the first. Off: a photograph carries as many as fit.
skeleton-of = Skeleton of { $name }
skeleton-frame = Frame of the skeleton
skeleton-note = Click to add a joint, drag to move one. Click two joints, one after the other, to join or part them.
skeleton-join-note = Click another joint to join it or to part the two. Click beside the joints to leave off.
skeleton-none = No joints yet: begin with a preset, or click in the frame.
skeleton-presets = Presets
skeleton-clear = Remove all
skeleton-faulty = This skeleton cannot be saved: { $fault }.
preset-person = Person (COCO, 17 joints)
preset-hand = Hand (21 joints)
preset-face = Face (5 landmarks)
preset-quadruped = Quadruped (17 joints)
joint-add = Add joint
joint-new-name = joint { $n }
joint-name = Joint name
joint-join = Joints that { $name } is joined to
joint-edges = { $n ->
    [0] No edge
    [one] { $n } edge
   *[other] { $n } edges
}
joint-remove = Remove { $name }

## Settings: models

models-title = Models
models-text = What proposes annotations in this project. A model is an ONNX file; it runs in the browser of whoever annotates, or on the server.
models-admins-only = Admins of the project add and change models.
models-empty = No models of your own yet
models-empty-text = Add a detector or a classifier: what it finds is proposed, and becomes an annotation when somebody accepts it.
model-built-in = Built in
model-built-in-text = The smart polygon (S) outlines what is clicked. It runs in this browser; no pixel leaves it.
model-task-promptable = Outlines what is clicked
model-task-detector = Finds objects
model-task-classifier = Tags photographs
model-task-embedder = Compares
model-runs-on-open = Runs on open
model-status-of = State of { $name }
model-uploading = Its files have not arrived yet.
model-checking = The server is checking it.
model-ready = Ready
model-settings-of = Classes and thresholds of { $name }
model-archive = Archive { $name }
model-archived = { $name } archived. What it proposed stays.
model-save = Save model
model-saved = { $name } saved.
model-score = Least confidence
model-iou = Overlap of two finds
model-run-on-open = Run when a photograph opens
model-run-on-open-why = Only where it has proposed nothing for the photograph yet.
model-nothing-to-set = This model proposes nothing by itself, so there is nothing to set.
model-add = Add model
model-choose-text = An ONNX file: YOLO v5 to v11, a DETR, a classifier, or the encoder and the decoder of a Segment Anything model. It is run once in this browser before anything is sent.
model-files = Choose ONNX files
model-url = Address of an ONNX file
model-url-why = Browsers fetch it from there, so its server has to allow that (CORS). This server never does. Several addresses stand with a space between them.
model-look = Look at it
model-choose-again = Choose another
model-register = Add this model
model-name = Name
model-name-why = Annotations remember it as their source.
model-fetching = Fetching: { $received } of { $total }
model-inspecting = Reading the model and running it once…
model-sending = Sending: { $percent } %
model-sending-label = Model on its way
model-is-pickle = “{ $name }” is no ONNX file. Weights of PyTorch are programs that could do anything, so they are not taken: export the model as ONNX.
model-not-onnx = “{ $name }” is no ONNX file: its name should end in .onnx.
model-too-large = “{ $name }” has { $size }; a model may have 2 GB.
model-empty = “{ $name }” is empty.
model-no-address = “{ $url }” is no address: it should begin with https://.
model-not-fetched = “{ $name }” could not be fetched: { $why }. Its server may not allow other pages to read it (CORS).
model-not-inspected = “{ $name }” cannot be used: { $why }
model-cannot-run = The model cannot run here: { $why }
model-no-worker = this page was built without the worker that runs models
model-worker-ended = the worker that runs models ended; the model may need more memory than the browser gives
model-file-gone = the file cannot be read any more
report-of = Report of { $name }
report-good = It ran once in { $n } s.
report-refused = It cannot be used: { $why }.
report-bad = It did not run, and nothing says why.
report-reading = Read as
report-reading-of = { $layout }, from { $outputs }
report-reading-why = The file can be read in more than one way. Each is tried here before it is taken.
report-missing = Missing operators
report-task = Task
report-layout = Layout
report-inputs = Inputs
report-outputs = Outputs
report-classes = Classes
report-files = Size
report-operators = Operators
classes-title = Classes
classes-mapped = { $n } of { $of } classes become labels
classes-create = { $n ->
    [one] Create its label
   *[other] Create { $n } labels
}
class-ignore = Ignore
class-create = Create label “{ $name }”
class-label-of = Label of { $name }
acceptance-of = Acceptance of { $name }
acceptance-rate = { $percent } % accepted of what was decided, { $n } proposed
acceptance-none-decided = { $n } proposed, nothing decided yet
acceptance-none = Nothing proposed yet
acceptance-suggested = Proposed
acceptance-accepted = Accepted
acceptance-corrected = Corrected
acceptance-rejected = Rejected
acceptance-superseded = Replaced
acceptance-pending = Open
acceptance-share = Share
acceptance-all = All
acceptance-why = The share of accepted ones among those that were accepted or rejected. Corrected ones were accepted and changed later; replaced ones gave way to a newer run.
run-model = Run model
run-title = Run a model over { $n ->
    [one] one photograph
   *[other] { $n } photographs
}
run-choose = Model
run-none = This project has no model that is ready and proposes something.
run-none-add = Go to the models
run-where = Where
run-here = In this browser
run-here-text = No pixel leaves this machine. Keep the page open.
run-there = On the server
run-there-text = Goes on when you leave. Photographs that a browser cannot decode work too.
run-not-there = The model is known by its address only, so the server cannot run it.
run-start = Run
run-busy = A model is running already: wait for it, or cancel it.
run-loading = Loading the model…
run-looking = Looking at the photograph…
run-on-server = On the server
run-progress = { $model }: { $done } of { $total } photographs, { $found } proposed
run-done = { $model }: { $found } proposed in { $done ->
    [one] { $done } photograph
   *[other] { $done } photographs
}
run-cancelled = { $model }: cancelled after { $done } of { $total } photographs, { $found } proposed
run-panel = Model run
run-errors = { $n ->
    [one] It failed for one photograph
   *[other] It failed for { $n } photographs
}
run-close = Close model run
select-photograph = Select { $name }
selected-photographs = { $n } selected
select-all-shown = Select all shown
select-none = Clear selection
run-too-large = The photograph has { $n } megapixels, more than a browser decodes at once. Run the model on the server.
run-not-fetched = The photograph could not be fetched.
run-not-decoded = This browser cannot decode the photograph. Run the model on the server.

## Settings: people

members-title = Members
members-text = Admins do everything, reviewers also change labels, labelers annotate. Everyone else in the workspace can look.
members-admins-only = Admins of the project add and remove members.
member-email = Email of the new member
member-email-placeholder = Email of someone with an account
member-role = Role
member-role-of = Role of { $name }
member-add = Add member
member-added = { $name } is a member now.
member-remove = Remove { $name }
member-removed = { $name } is no longer a member.
member-role-changed = { $name }: { $role }.
member-you = (you)
invites-title = Invitation links
invites-text = Whoever opens the link joins the project, with a new account where they have none.
invite-create = Create invitation link
invite-link = Invitation link
invite-for = Joins as { $role }
invite-ends = Ends { $when }
invite-withdraw = Withdraw
invite-withdrawn = Invitation withdrawn.
link-copied = Link copied.
link-not-copied = The browser does not allow copying. Select the link and copy it yourself.
link-once = Shown only now. It ends { $when }.
workspace-members-title = Workspace
workspace-members-of = Members of { $name }
workspace-members-text = Everyone here can look at its projects. Hand a reset link to whoever forgot their password.
workspace-role-admin = Admin
workspace-role-member = Member
reset-issue = Password reset link
reset-link-for = Link for { $name } to set a new password

## Settings: the project

project-title = Project
project-text = Its name, and its end.
project-renamed = Renamed to { $name }.
project-admins-only = Admins of the project rename and delete it.
project-delete = Delete project
project-delete-title = Delete this project
project-delete-text = Its photographs, annotations, exports and labels go with it, for everyone. This cannot be undone.
project-delete-type = Type “{ $name }” to go on
project-deleted = { $name } deleted.

## Annotation page

history-title = History
history-close = Close the history
history-slider = Point in time
history-now = Now
history-edit-of = { $n } of { $of }
history-compare = Show what differs from
history-compare-with = Compare with
history-to-now = Back to now
history-revert = Revert to this
history-reverted = The photograph is as it was then.
history-restored = The object is back.
history-name = Name version
history-name-label = Name of the version
history-name-hint = Name this point
history-legend = What differs
history-added = { $n } added since
history-changed = { $n } changed since
history-removed = { $n } removed since
history-shapes = What can be brought back
history-restore = Restore { $name }
history-timeline = Versions and sessions
history-empty = Nothing was drawn here yet.
history-more = Show earlier
history-edits = { $n ->
    [one] 1 edit
   *[other] { $n } edits
}
history-named-by = Named by { $name }
history-rename = Rename { $name }
history-delete = Delete the version { $name }
history-unknown-person = Somebody
history-server = The server
history-banner = You are looking at the past.
history-banner-version = You are looking at the version “{ $name }”.
history-banner-when = You are looking at the past: { $when }.
history-banner-label = The past is shown
history-drawn = Drawn by { $name }, { $when }
history-touched = Last touched by { $name }, { $when }

annotate-title = Annotate
canvas = Canvas
tools = Tools
tool-select = Select
tool-box = Box
tool-polygon = Polygon
tool-pan = Pan
tool-comment = Comment
tool-lasso = Lasso
tool-rotated-box = Rotated box
tool-ellipse = Ellipse
tool-cuboid = Cuboid
tool-polyline = Polyline
tool-path = Freehand
tool-point = Point
tool-arrow = Arrow
tool-text = Text
tool-brush = Brush
tool-eraser = Eraser
tool-wand = Magic wand
tool-scissors = Scissors
tool-smart = Smart polygon
tool-skeleton = Skeleton
tool-slice = Slice
tool-measure = Measure
tools-more = More tools beside { $name }
tool-options = Tool settings
option-brush-size = Size
option-panoptic = Panoptic
option-panoptic-why = A pixel belongs to one mask only: whatever is done to a mask takes it from the others, but not from locked ones.
option-wand-tolerance = Tolerance
option-wand-result = The wand makes
option-smart-result = The smart tool makes
option-prepare = Prepare ahead
option-prepare-why = Once the smart tool was used, photographs are made ready for it when they open, and the next one after that.
encode-choose = Who encodes photographs
encode-measured = Encode here if quick
encode-here = Encode here
encode-elsewhere = Server encodes
encode-why = Each photograph is encoded once, by this device or by the server that stores it; clicks are answered here. Where the device takes longer than 8 seconds, or cannot, the server does it from then on, unless you choose otherwise.
encode-measures = Encoding
encoded-here-threads = Encoded here in { $seconds } s on { $threads } threads, relaxed SIMD.
encoded-here-relaxed = Encoded here in { $seconds } s, relaxed SIMD.
encoded-here-plain = Encoded here in { $seconds } s, plain SIMD.
encoded-here-gpu = Encoded here in { $seconds } s, WebGPU.
encode-gpu-used = WebGPU took { $gpu } s and the processor { $cpu } s, so WebGPU encodes.
encode-gpu-slower = WebGPU took { $gpu } s and the processor { $cpu } s, so the processor encodes.
encode-threads-failed = Threads do not run here: { $reason }.
encode-gpu-failed = WebGPU does not encode here: { $reason }.
encoded-elsewhere = Encoded by the server in { $seconds } s.
encoded-elsewhere-before = Encoded by the server before.
encode-slow-here = This device takes { $seconds } s, so the server encodes.
encode-fails-here = This device could not, so the server encodes.
embedding-failed = The server cannot look at the photograph ({ $why }); this device does it.
embedding-late = it took longer than two minutes
smart-model = Model
smart-loading = Loading the model…
smart-loading-of = Loading the model: { $received } of { $total }
smart-encoding = Looking at the photograph…
smart-encoding-elsewhere = The server looks at the photograph…
smart-zoom-out = Zoom out until the whole photograph shows, once
smart-asking = Finding the outline…
smart-searching = Searching the photograph…
smart-ready = Ready
smart-choose = Model that answers
smart-built-in = MobileSAM (built in)
smart-failed = The model does not work: { $why }
smart-everything = Segment everything
smart-found = { $n ->
    [one] one object
   *[other] { $n } objects
  }
smart-accept = Accept
smart-accept-all = Accept all
smart-drop-rest = Drop the rest
smart-alternatives = What may be meant
smart-alternative = { $n } of { $of }
smart-previous = Previous alternative
smart-next = Next alternative
smart-points = Clicks
smart-add = Add to the object
smart-remove = Take away from the object
option-snap = Snap
option-snap-why = New corners jump onto corners and edges nearby.
option-share = Share borders
option-share-why = New polygons follow the outlines of their neighbours.
option-simplify = Simplify
option-text-size = Size
option-text-bold = Bold
option-text-align = Alignment
align-left = Left
align-center = Centre
align-right = Right
text-entry = Text on the photograph
pixels = { $n } px
percent = { $n } %
canvas-menu = Actions
view-menu = How the photograph is shown
view-brightness = Brightness
view-contrast = Contrast
view-gamma = Gamma
view-invert = Invert
view-channel = Channel
view-window = Window
view-level = Level
view-grid = Grid
view-grid-distance = Spacing
view-crosshair = Crosshair
view-names = Names of labels
view-outline = Outlines only
view-reset = Reset the view
channel-all = All
channel-red = Red
channel-green = Green
channel-blue = Blue
channel-grey = Grey
shape-box = Box
shape-rotated-box = Rotated box
shape-ellipse = Ellipse
shape-polygon = Polygon
shape-polyline = Polyline
shape-point = Point
shape-path = Freehand
shape-arrow = Arrow
shape-text = Text
shape-cuboid = Cuboid
shape-mask = Mask
shape-skeleton = Skeleton
shape-tag = Tag
panel = Panel
history = History
zoom = Zoom
zoom-menu = Zoom level
presence = Also here
coordinates = Pointer position
measured = Measured
status-bar = Status
status-backend = Graphics interface in use
filmstrip = Filmstrip
filmstrip-place = { $at } / { $total }
back-to-gallery = Back to the photographs
photograph-loading = Loading photograph
photograph-gone = This photograph is not here
photograph-gone-text = It was removed for good, or the link is wrong.
photograph-failed = The photograph cannot be shown: { $why }.
photograph-deleted-banner = Someone deleted this photograph. Its annotations are kept with it.
engine-failed = The canvas could not start
device-lost = The graphics card was lost; the canvas comes back by itself.
annotate-no-labels = This project has no labels yet, and every shape needs one.
annotate-add-labels = Add labels in the settings
tags-title = Photograph tags
tag-toggle = Tag { $name }
suggestions-title = Suggestions
suggestions-threshold = At least
suggestions-by-class = Suggestions by class
suggestions-accept-class = Accept all of { $name }
suggestions-reject-class = Reject all of { $name }
suggestions-accept-all = Accept all { $n }
suggestions-accept-above = Accept these { $n }
suggestions-reject-all = Reject all { $n }
suggestions-hint-next = next
suggestions-hint-accept = accepts
suggestions-hint-reject = rejects
suggestions-found = { $model } proposes { $n ->
    [one] one object.
   *[other] { $n } objects.
}
similar-select = Select the shape whose like is to be found.
suggestions-none-found = { $model } finds nothing here.
objects-title = Objects
objects-filter = Filter objects
objects-all-labels = All labels
objects-listed = { $n } of
objects-none-match = Nothing matches the filter.
objects-order = Order of the objects
objects-oldest = Oldest first
objects-newest = Newest first
objects-by-label = By label
objects-search = Search objects
filter-kind = Shape
filter-all-kinds = All shapes
filter-source = Source
filter-all-sources = All sources
filter-author = Author
filter-all-authors = All authors
filter-attribute = Attribute
filter-all-attributes = All attributes
filter-value = Value
filter-any-value = Any value
value-yes = Yes
value-no = No
source-manual = By hand
source-import = Imported
source-model = Model { $name }
author-me = You
author-unknown = Someone
missing-count = { $n ->
    [one] { $n } object lacks a required attribute
   *[other] { $n } objects lack required attributes
}
missing-list = List only these
missing-next = Next
missing-one = A required attribute is missing
attribute-missing = Required
attribute-answer-no = Required: answer “no”
objects-empty = Nothing drawn yet. Press B for a box or P for a polygon.
objects-empty-read-only = Nothing drawn yet.
object-show = Show { $name }
object-hide = Hide { $name }
object-delete = Delete { $name }
object-lock = Lock { $name }
object-unlock = Unlock { $name }
label-select-all = Select all of { $name }
selection-title = Selection
selection-label = Label
selection-mixed = Mixed
selection-width = W
selection-height = H
selection-vertices = Vertices
selection-angle = Angle
selection-pixels = Pixels
joints = Joints
joint-visible = Visible
joint-occluded = Covered
joint-absent = Not there
joint-unknown = Joint { $n }
style-title = Style
style-own = own
style-of = Style of { $name }
style-stroke = Line
style-fill = Fill
style-opacity = Opacity
style-width = Width
style-clear = { $name } as usual
clipboard-copied = { $n ->
    [one] { $n } object copied.
   *[other] { $n } objects copied.
}
clipboard-empty = Nothing has been copied yet.
clipboard-foreign = The clipboard holds something other than objects.
save-state = Save state
save-saved = Saved
save-saved-why = Everything is stored on the server.
save-saving = { $n ->
    [one] Saving { $n } edit
   *[other] Saving { $n } edits
}
save-saving-why = On the way to the server; kept in this browser until it is stored there.
save-offline = Offline
save-offline-edits = { $n ->
    [one] Offline: { $n } edit kept here
   *[other] Offline: { $n } edits kept here
}
save-offline-why = Go on working. Edits are kept in this browser and sent when the server is back.
save-opening = Opening
save-opening-why = The annotations are on their way.
save-read-only = View only
save-read-only-why = You can watch here but not edit.
save-no-role-why = You have no role in this project, so you can watch but not edit. An admin of the project can give you one.
edit-refused = The server refused an edit: { $detail }

## Comments

comments-title = Comments
comments-open = Open
comments-resolved = Resolved
comments-every = Open and resolved
comments-all = With { $n } resolved
comments-filter = Which comments
comments-mine = Only mine
comments-more = More
comments-empty = Nothing said yet.
comments-empty-how = Click the photograph or a shape with the comment tool:
comments-none = No comments here
comments-none-text = Open a photograph and press C to pin a comment to it.
comment-new = New comment
comment-reply = Reply
comment-send = Send
comment-keys = Enter sends · @ mentions
comment-mentions = Who is meant
comment-thread = Comment { $n }
comment-thread-waiting = Comment on its way
comment-pin = { $title } by { $name }{ $n ->
    [0] {""}
    [one] , 1 unread
   *[other] , { $n } unread
}
comment-said = What was said
comment-replies = { $n ->
    [one] 1 reply
   *[other] { $n } replies
}
comment-unread = { $n ->
    [one] 1 unread
   *[other] { $n } unread
}
comment-resolve = Resolve
comment-resolved = Resolved
comment-reopen = Open again
comment-delete-thread = Delete with all replies
comment-edit = Edit comment
comment-delete = Delete comment
comment-edited = edited
comment-deleted = Comment deleted
comment-orphan = The object was deleted; this is where it was.
comment-waiting = Waiting to be sent
comment-refused = Not sent: { $why }
comment-edit-refused = Not changed: { $why } You wrote:
comment-change-refused = A change to a comment was not made: { $why }
comment-discard = Discard
comment-lost = Not sent: { $why } You wrote: { $words }
comment-typing-one = { $name } is typing…
comment-typing-two = { $one } and { $other } are typing…
comment-typing-many = { $n } people are typing…
notifications = { $n ->
    [0] Notifications
    [one] Notifications, 1 unread
   *[other] Notifications, { $n } unread
}
notifications-title = Notifications
notifications-empty = Nobody has mentioned or answered you yet.
notifications-read-all = Mark all read
notification-mention = { $name } mentioned you
notification-reply = { $name } replied
notification-on = { $file } · comment { $n }
notification-unread = Unread

## What the tool can do next

hint-select-nothing = Click a shape to select it · drag to select several
hint-select-one = Drag to move · drag a handle to resize · Del deletes
hint-select-polygon = Drag a corner to move it · drag an edge to add one · Del deletes
hint-select-many = Drag to move all · Shift-click adds or removes · Del deletes
hint-select-watch = Click a shape to look at it · you cannot edit here
hint-vertex-selected = Arrow keys move the corner · Del removes it
hint-moving = Moving · Esc cancels
hint-resizing = Resizing · Shift keeps the proportions · Esc cancels
hint-moving-vertex = Moving a corner · Esc cancels
hint-marquee = Drawn to the right: what lies inside · to the left: what it touches · Alt swaps · Esc cancels
hint-select-locked = This one is locked: unlock it to change it
hint-select-skeleton = Drag a joint · 1 visible, 2 covered, 3 not there · Alt-click goes through them
hint-select-text = Double-click to change the words · drag to move · Del deletes
hint-joint-selected = 1 visible · 2 covered · 3 not there · arrow keys move the joint
hint-turning = Turning · Shift steps by 15° · Esc cancels
hint-duplicating = Release to leave a copy here · Esc cancels
hint-box-start = Drag a box, or click two corners
hint-box-drag = Release to finish · Esc cancels
hint-box-second-corner = Click the opposite corner · Esc cancels
hint-polygon-start = Click to set the first corner
hint-polygon-next = Click to add corners · Enter closes · Backspace takes back · Esc cancels
hint-polygon-close = Click to close the polygon
hint-pan = Drag to move the picture · the wheel zooms
hint-panning = Moving the picture
notice-choose-label = Choose a label first, in the panel on the right.
notice-read-only = You can watch here, but not edit.
notice-too-few-vertices = A polygon needs at least three corners.
notice-deleted-meanwhile = Someone deleted what you were changing.

## Commands

section-tools = Tools
section-labels = Labels
section-edit = Edit
section-arrange = Arrange
section-shapes = Shapes
section-view = View
section-photographs = Photographs
section-go = Go to
palette-input = What do you want to do?
palette-none = No command matches.
command-tool-select = Select tool
command-tool-box = Box tool
command-tool-polygon = Polygon tool
command-tool-pan = Pan tool
command-tool-comment = Comment tool
command-comment-next = Next comment
command-comment-previous = Previous comment
command-tool-lasso = Lasso tool
command-tool-rotated-box = Rotated box tool
command-tool-ellipse = Ellipse tool
command-tool-cuboid = Cuboid tool
command-tool-polyline = Polyline tool
command-tool-point = Point tool
command-tool-path = Freehand tool
command-tool-arrow = Arrow tool
command-tool-text = Text tool
command-tool-brush = Brush tool
command-tool-eraser = Eraser tool
command-tool-wand = Magic wand
command-tool-scissors = Intelligent scissors
command-tool-smart = Smart polygon
command-tool-skeleton = Skeleton tool
command-tool-slice = Slice tool
command-tool-measure = Measuring tool
command-brush-smaller = Smaller brush
command-brush-larger = Larger brush
command-toggle-snap = Snap to corners and edges
command-toggle-panoptic = Panoptic masks
command-smart-everything = Segment everything in the photograph
command-toggle-elsewhere = Have the server look at photographs for the smart polygon
command-toggle-prepare = Prepare photographs ahead for the smart polygon
command-find-similar = Find similar here (experimental)
command-find-similar-next = Find similar here and in the next photographs (experimental)
command-suggestion-next = Next suggestion
command-suggestion-previous = Previous suggestion
command-suggestion-accept = Accept suggestion
command-suggestion-reject = Reject suggestion
command-suggestion-accept-class = Accept suggestions of the same class
command-suggestion-reject-class = Reject suggestions of the same class
command-suggestion-accept-all = Accept all suggestions that are sure enough
command-suggestion-reject-all = Reject all suggestions
command-cancel = Cancel what you are drawing
command-finish = Finish what you are drawing
command-pan-hold = Hold to pan
command-undo = Undo
command-redo = Redo
command-cut = Cut
command-copy = Copy
command-paste = Paste
command-duplicate = Duplicate
command-delete = Delete selection
command-select-all = Select all
command-select-same-label = Select all of the same label
command-next-missing = Next object with a missing attribute
command-lock = Lock
command-unlock = Unlock
command-unlock-all = Unlock all
command-rotate-right = Rotate by 90° to the right
command-rotate-left = Rotate by 90° to the left
command-flip-horizontal = Flip left and right
command-flip-vertical = Flip top and bottom
command-bring-to-front = Bring to front
command-bring-forward = Bring forward
command-send-backward = Send backward
command-send-to-back = Send to back
command-group = Group
command-ungroup = Ungroup
command-align-left = Align left edges
command-align-center = Align centres
command-align-right = Align right edges
command-align-top = Align top edges
command-align-middle = Align middles
command-align-bottom = Align bottom edges
command-distribute-horizontal = Distribute horizontally
command-distribute-vertical = Distribute vertically
command-join = Join
command-subtract = Subtract from the first
command-intersect = Intersect
command-simplify = Simplify outline
command-fill-holes = Fill holes
command-convert-box = Convert to box
command-convert-rotated-box = Convert to rotated box
command-convert-ellipse = Convert to ellipse
command-convert-polygon = Convert to polygon
command-convert-polyline = Convert to polyline
command-convert-mask = Convert to mask
command-convert-point = Convert to point
command-nudge = Nudge by a pixel
command-nudge-more = Nudge by ten pixels
command-hide = Hide selection
command-show-all = Show all
command-zoom-in = Zoom in
command-zoom-out = Zoom out
command-zoom-fit = Zoom to fit
command-zoom-actual = Zoom to 100 %
command-zoom-selection = Zoom to selection
command-view-grid = Grid
command-view-crosshair = Crosshair
command-view-names = Names of labels
command-view-outline = Outlines only
command-view-invert = Invert the photograph
command-view-reset = Reset how the photograph is shown
command-history = History
command-history-now = Return from the past to now
command-toggle-panel = Show or hide the panel
command-toggle-filmstrip = Show or hide the filmstrip
command-toggle-theme = Switch between dark and light
command-next = Next photograph
command-previous = Previous photograph
command-upload = Upload photographs
command-export = Export dataset
command-export-picture = Export picture…
command-search = Search photographs
command-run-model = Run model
command-select-photographs = Select all photographs
command-new-project = New project
command-go-projects = Go to projects
command-go-gallery = Go to the project's photographs
command-go-settings = Go to settings
command-go-models = Go to the project's models
command-palette = Command palette
command-shortcuts = Keyboard shortcuts
command-key-settings = Change shortcuts
keys-search = Search commands
keys-note = Backspace takes keys away, Escape leaves them as they are. Kept in this browser for your account.
keys-reset-all = Reset all
keys-reset = Usual keys of { $name }
keys-of = Keys of { $name }
keys-press = Press the new keys
keys-none = None
keys-conflict = Also { $other }
keys-taken = belongs to “{ $other }”.
keys-take = Use it here
command-sign-out = Sign out
command-label = Label: { $name }

## Tools: what can be done next, and why nothing happened

hint-lasso-start = Draw around what you want to select
hint-lasso = Release to select what lies inside · Esc cancels
hint-rotated-box-start = Drag along one side, or click its two ends
hint-rotated-box-side = Set the end of the side · Shift turns in steps · Esc cancels
hint-rotated-box-width = Move to set the width, click to finish · Esc cancels
hint-ellipse-start = Drag an ellipse · Shift makes a circle · Alt draws from the centre
hint-ellipse-drag = Release to finish · Shift makes a circle · Alt draws from the centre
hint-ellipse-second-corner = Click the opposite corner · Shift makes a circle · Esc cancels
hint-polygon-more = Click to set the first corner · Alt-click begins a hole in the selected polygon · Shift-click a part of it
hint-polygon-hole = Click around the hole · Enter cuts it out · Esc cancels
hint-polygon-part = Click around the new part · Enter adds it · Esc cancels
hint-freehand = Drawing along · release to go on with clicks · Esc cancels
hint-polyline-start = Click to set the first point, or drag to draw along
hint-polyline-next = Click to add points · Enter finishes · Backspace takes back · Shift turns in steps
hint-point-start = Click to set a point
hint-point-placing = Release to set the point · Esc cancels
hint-path-start = Drag to draw a line by hand
hint-path-drawing = Release to finish · Esc cancels
hint-arrow-start = Drag from the tail to the tip, or click both
hint-arrow-end = Set the tip · Shift turns in steps · Esc cancels
hint-text-start = Click where the text begins, or drag its frame · click a text to change it
hint-text-drag = Release to type · Esc cancels
hint-text-typing = Type the text · Esc cancels
hint-cuboid-start = Drag the front side, or click two corners
hint-cuboid-front = Set the opposite corner of the front side · Esc cancels
hint-cuboid-depth = Move to set the depth, click to finish · Esc cancels
hint-brush-start = Drag to paint · [ and ] change the size · Shift paints straight · Alt-click fills a hole
hint-brush-painting = Release to finish the stroke · Esc cancels
hint-eraser-start = Drag to erase · [ and ] change the size · Shift erases straight
hint-eraser-erasing = Release to finish the stroke · Esc cancels
hint-wand-start = Click a colour · Shift adds to the selected shape · Alt takes away
hint-wand-tolerance = Drag to the right for more, to the left for less · Esc cancels
hint-scissors-start = Click on an edge in the picture
hint-scissors-next = Follow the edge, click to fix the line · Enter closes · Backspace takes back
hint-scissors-close = Click to close the outline
hint-skeleton-start = Drag a frame around the figure
hint-skeleton-drag = Release to place the joints · Esc cancels
hint-smart-start = Point at an object and click it, or drag a box around it
hint-smart-refine = Click what belongs to the selected shape too · Alt-click what does not
hint-smart-box = Release to find the object in the box · Esc cancels
hint-smart-next = Click adds · Alt-click takes away · Tab shows alternatives · Enter accepts · Backspace takes back · Esc drops
hint-smart-proposals = Click accepts · Alt-click rejects · Enter accepts all · Esc drops the rest
hint-suggestion = Enter accepts · Delete rejects · Tab shows the next · Esc lets go
hint-comment = Click the photograph or a shape to comment on it · Esc cancels
hint-slice-start = Click or drag a line across what you want to cut
hint-slice-next = Click to bend the line · Enter or a double click cuts · Esc cancels
hint-measure-start = Click the first point
hint-measure-next = Click to add points · click the first one for an area · Esc clears
notice-too-few-points = A line needs at least two points.
notice-no-pixels = The picture is still loading.
notice-no-skeleton = This label has no skeleton. Give it one in the labels of the project.
notice-nothing-to-slice = The line crosses nothing that can be cut. Select an area or a line.
notice-nothing-to-erase = There is no mask here to erase.
notice-no-hole = There is no hole here to fill.
notice-under-locked = Locked masks keep all these pixels.
notice-locked = This shape is locked.
notice-nothing-left = Nothing would be left of the shape.
notice-no-object = The model sees no object there.
notice-no-prompt = Click the object first, then take away from it.
