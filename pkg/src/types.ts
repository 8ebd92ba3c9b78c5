// Generated from the Rust types by `cargo xtask generate`; change them there.

/**
 * How the lines of a text lie in its rectangle.
 */
export type Align = "left" | "center" | "right";

/**
 * Where the edges or middles of several shapes come to lie: on those of their common bounds.
 */
export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";

/**
 * One annotation.
 */
export type Annotation = { id: AnnotationId, label: LabelId, shape: Shape, 
/**
 * Drawing order: greater lies above.
 */
z: number, attributes: { [key in string]: AttributeValue }, 
/**
 * Annotations of one group are selected and moved together.
 */
group: GroupId | null, 
/**
 * Nothing is done to it by hand until it is unlocked.
 */
locked: boolean, 
/**
 * What differs from the label's style.
 */
style: Style, 
/**
 * `manual`, `import` or `model:{name}`.
 */
source: string, };

/**
 * One annotation of one item; made by whoever draws it.
 */
export type AnnotationId = string;

/**
 * What of an annotation is to change; what is missing stays.
 */
export type AnnotationPatch = { label?: LabelId, shape?: Shape, z?: number, 
/**
 * `null` takes an attribute away; those that are not named stay.
 */
attributes?: { [key in string]: AttributeValue | null }, 
/**
 * `null` takes it out of its group.
 */
group?: GroupId | null, locked?: boolean, style?: Style, };

/**
 * Something happened; the getters already answer with the new state.
 */
export type AnnotatorEvent = { "type": "change", added: Array<AnnotationId>, updated: Array<AnnotationId>, removed: Array<AnnotationId>, } | { "type": "selection", ids: Array<AnnotationId>, } | { "type": "suggestions", counts: Array<SuggestionCount>, 
/**
 * So many are drawn.
 */
shown: number, 
/**
 * What Enter accepts and Delete rejects.
 */
picked: AnnotationId | null, } | { "type": "hover", id: AnnotationId | null, } | { "type": "tool", tool: ToolName, } | { "type": "presence", peers: Array<Peer>, } | { "type": "saveState", state: SaveState, 
/**
 * Edits that the server does not have yet.
 */
edits: number, } | { "type": "pointer", x: number | null, y: number | null, } | { "type": "camera", scale: number, } | { "type": "history", canUndo: boolean, canRedo: boolean, } | { "type": "hint", hint: string, } | { "type": "notice", detail: string, } | { "type": "editText" } & TextToEdit | { "type": "editTextEnd" } | { "type": "settings" } | { "type": "measures", figures: Array<Figure>, } | { "type": "assist" } & AssistState | { "type": "ontology", version: number, } | { "type": "role", canEdit: boolean, } | { "type": "refused", detail: string, } | { "type": "itemDeleted" } | { "type": "itemRestored" } | { "type": "roomNotFound" } | { "type": "unauthenticated" } | { "type": "deviceLost" } | { "type": "deviceRestored" };

/**
 * Where the files of the smart tool's model are, by addresses that the page can fetch.
 */
export type AssistFiles = { 
/**
 * The script of the worker in which the model runs.
 */
worker: string, 
/**
 * The worker's WebAssembly, where it does not lie beside the script.
 */
wasm?: string, 
/**
 * The part of the model that looks at a photograph, as ONNX.
 */
encoder: string, 
/**
 * The part that answers prompts, as ONNX.
 */
decoder: string, };

/**
 * How far the model of the smart tool is.
 */
export type AssistPhase = "off" | "idle" | "loading" | "zoom_out" | "encoding" | "ready" | "failed";

/**
 * How far the smart tool and its model are.
 */
export type AssistState = { phase: AssistPhase, 
/**
 * Bytes of the model that have come, and all of them; 0 while that is not known.
 */
received: number, total: number, 
/**
 * Why it does not work.
 */
reason: string | null, 
/**
 * Prompts for the object that is meant.
 */
prompts: number, 
/**
 * So many objects they may mean, and which of them is shown, from 0.
 */
alternatives: number, alternative: number, 
/**
 * The next answer is on its way.
 */
waiting: boolean, 
/**
 * Clicks say what does not belong to the object, without Alt too.
 */
removes: boolean, 
/**
 * What is accepted replaces the shape of an annotation.
 */
refines: boolean, 
/**
 * Proposals that are neither accepted nor rejected yet.
 */
proposals: number | null, };

/**
 * A question asked of every annotation with this label.
 */
export type Attribute = { id: AttributeId, name: string, required?: boolean, 
/**
 * What annotations made by hand begin with; it is written into each of them.
 */
default?: AttributeValue, } & ({ "kind": "text" } | { "kind": "number" } | { "kind": "checkbox" } | { "kind": "select", options: Array<string>, });

/**
 * One attribute of a label.
 */
export type AttributeId = string;

/**
 * The value of one attribute.
 */
export type AttributeValue = boolean | number | string;

export type Axis = "horizontal" | "vertical";

/**
 * WebGPU where it works, otherwise WebGL2, unless forced.
 */
export type Backend = "auto" | "webgpu" | "webgl2";

/**
 * The channels that are shown; a single one as grey.
 */
export type ChannelName = "all" | "red" | "green" | "blue" | "luma";

/**
 * An opaque sRGB colour, written `#rrggbb`.
 */
export type Color = string;

/**
 * One thing done to what is selected.
 *
 * As JSON `{"command": "rotate", "with": {"radians": 1.57}}`; `with` is left out where nothing is
 * to be said.
 */
export type Command = { "command": "move_by", "with": { x: number, y: number, } } | { "command": "resize_to", "with": Rect } | { "command": "rotate", "with": { radians: number, } } | { "command": "flip", "with": { horizontal: boolean, } } | { "command": "bring_to_front" } | { "command": "bring_forward" } | { "command": "send_backward" } | { "command": "send_to_back" } | { "command": "group" } | { "command": "ungroup" } | { "command": "align", "with": Alignment } | { "command": "distribute", "with": Axis } | { "command": "duplicate" } | { "command": "delete" } | { "command": "select_all" } | { "command": "select_same_label" } | { "command": "select_same_kind" } | { "command": "select_same_group" } | { "command": "invert_selection" } | { "command": "lock", "with": boolean } | { "command": "set_label", "with": LabelId } | { "command": "set_attribute", "with": { attribute: AttributeId, value: AttributeValue | null, } } | { "command": "set_style", "with": Style } | { "command": "set_joint", "with": { joint: JointId, state: JointState, } } | { "command": "convert", "with": ShapeKind } | { "command": "join" } | { "command": "subtract" } | { "command": "intersect" } | { "command": "simplify", "with": { tolerance: number, } } | { "command": "smooth" } | { "command": "fill_holes" } | { "command": "split_parts" } | { "command": "repair" };

/**
 * A room of a server that speaks the y-websocket protocol.
 */
export type Connection = { 
/**
 * The address of the room's socket, without parameters.
 */
url: string, 
/**
 * Whose edits are kept in this browser until the server has them; nobody's without it.
 */
journal?: string, 
/**
 * A server of ours: it acknowledges what is durable.
 */
visionflow?: boolean, user?: PresenceUser, };

/**
 * What was copied.
 */
export type CopiedAnnotations = { visionflow_annotations: number, [key: string]: unknown };

/**
 * A detector, a segmenter or a classifier as ONNX, and what its classes mean here.
 */
export type DetectOptions = { 
/**
 * The model's files, by addresses that the page can fetch.
 */
files: Array<ModelFile>, 
/**
 * What `inspectModel()` says of them, perhaps with other thresholds and names.
 */
spec: Record<string, unknown>, 
/**
 * The model's classes, by their numbers, to labels; `null` or nothing leaves a class out.
 */
classMap: { [key in string]: LabelId | null }, 
/**
 * The model's name, by which what it proposed is known. `model` unless chosen.
 */
model?: string, 
/**
 * The model's id in a project's registry.
 */
modelId?: ModelId, };

/**
 * How the engine starts.
 */
export type EngineMount = { backend?: Backend, theme?: Theme, };

/**
 * A figure of the measuring tool.
 */
export type Figure = { 
/**
 * Where it is shown, in image space.
 */
at: Point, 
/**
 * The number with its unit.
 */
text: string, };

/**
 * Annotations that are selected and moved together.
 */
export type GroupId = string;

/**
 * A joint of a label's skeleton template, whatever its place in the list.
 */
export type JointId = number;

/**
 * Whether a joint can be seen; the numbers are COCO's visibility flag.
 */
export type JointState = "absent" | "occluded" | "visible";

export type JointTemplate = { id: JointId, name: string, 
/**
 * Its place in the box that is drawn for a skeleton, from 0 to 1 each way.
 */
x: number, y: number, };

/**
 * One label (class). A label is archived and never deleted, so that old annotations keep meaning.
 */
export type Label = { id: LabelId, name: string, color: Color, 
/**
 * One key, as `KeyboardEvent.key` names it, that makes the label the current one.
 */
hotkey?: string, archived?: boolean, attributes?: Array<Attribute>, 
/**
 * How its annotations are painted.
 */
style?: Style, 
/**
 * The joints of its skeletons; without one it has none.
 */
skeleton?: SkeletonTemplate, };

/**
 * One label (class) of a project's ontology.
 */
export type LabelId = string;

export type MaskRuns = { origin: [number, number], size: [number, number], runs: Array<number>, };

/**
 * One file of a model.
 */
export type ModelFile = { url: string, 
/**
 * Its SHA-256 in hexadecimal digits, which is then checked.
 */
sha256?: string, };

/**
 * One model of a project's registry.
 */
export type ModelId = string;

/**
 * An annotation to be made; what is missing has its usual value.
 */
export type NewAnnotation = { 
/**
 * A UUID; a new one is made where it is missing.
 */
id?: AnnotationId, label: LabelId, shape: Shape, z?: number, attributes?: { [key in string]: AttributeValue }, group?: GroupId | null, locked?: boolean, style?: Style, 
/**
 * `manual`, `import` or `model:{name}`.
 */
source?: string, };

/**
 * Something to be proposed.
 */
export type NewSuggestion = { 
/**
 * A UUID, under which it becomes an annotation; a new one is made where it is missing.
 */
id?: AnnotationId, label: LabelId, shape: Shape, 
/**
 * How sure the model is, from 0 to 1.
 */
score: number, z?: number, attributes?: { [key in string]: AttributeValue }, };

/**
 * A project's labels in their display order; `version` grows by one with every change.
 */
export type Ontology = { version: number, labels: Array<Label>, 
/**
 * A photograph carries one tag at most: choosing another takes its place.
 */
single_tag?: boolean, };

/**
 * Someone else in the room.
 */
export type Peer = { 
/**
 * The Yjs client's id, in decimal digits.
 */
clientId: string, user: PresenceUser, 
/**
 * The pointer in image space.
 */
cursor: Point | null, selection: Array<AnnotationId>, };

/**
 * A place; in image space unless a name says otherwise.
 */
export type Point = { x: number, y: number, };

export type PresenceUser = { 
/**
 * The account's id; empty for clients without one.
 */
id: string, name: string, 
/**
 * A CSS colour, `#rrggbb`.
 */
color: string, };

/**
 * An axis-aligned rectangle; `min` is never greater than `max` when made by [`Rect::from_corners`].
 */
export type Rect = { min: Point, max: Point, };

/**
 * What a model proposed together.
 */
export type RunId = string;

/**
 * Where this person's edits are.
 */
export type SaveState = "local" | "opening" | "saved" | "saving" | "offline" | "read_only";

/**
 * Geometry in image space; its JSON form is documented in `shape_json`.
 *
 * What is rare and large is boxed: the size of a box among 100,000 counts.
 */
export type Shape = { "type": "box", box: [number, number, number, number], } | { "type": "rotated_box", center: [number, number], size: [number, number], angle: number, } | { "type": "ellipse", center: [number, number], radii: [number, number], angle: number, } | { "type": "polygon", rings: Array<Array<number>>, } | { "type": "polyline", points: Array<number>, } | { "type": "point", point: [number, number], } | { "type": "path", points: Array<number>, } | { "type": "arrow", from: [number, number], to: [number, number], } | { "type": "text", box: [number, number, number, number], text: string, size: number, bold: boolean, align: Align, } | { "type": "cuboid", points: Array<number>, } | { "type": "mask" } & MaskRuns | { "type": "skeleton", joints: Array<ShapeJoint>, } | { "type": "tag" };

export type ShapeJoint = { id: JointId, at: [number, number], state: JointState, };

/**
 * A [`Shape`] without its geometry; the names stand in the document and in the database.
 */
export type ShapeKind = "box" | "rotated_box" | "ellipse" | "polygon" | "polyline" | "point" | "path" | "arrow" | "text" | "cuboid" | "mask" | "skeleton" | "tag";

/**
 * The joints of a label's skeletons and what connects them.
 *
 * A joint keeps its id when it is renamed or moved, so that old annotations keep meaning; an
 * annotation may have joints that the template has no more, and lack some that it has now.
 */
export type SkeletonTemplate = { 
/**
 * In the order in which they are placed and exported.
 */
joints: Array<JointTemplate>, edges?: Array<[JointId, JointId]>, };

/**
 * What a person does with the smart tool by buttons.
 */
export type SmartAction = "accept" | "drop" | "next" | "previous" | "add" | "remove" | "everything" | "retry";

/**
 * What of a style is set; the rest follows from the label, and at last from the engine.
 */
export type Style = { stroke?: Color, fill?: Color, 
/**
 * Of the fill, from 0 to 1.
 */
opacity?: number, 
/**
 * Of the stroke, in CSS pixels.
 */
width?: number, };

/**
 * Who proposes.
 */
export type SuggestOptions = { 
/**
 * The model's name; what this model proposed before and nobody has decided about is superseded.
 * `model` unless chosen.
 */
model?: string, 
/**
 * The model's id in a project's registry.
 */
modelId?: ModelId, 
/**
 * What is proposed together, a UUID: what came in the same run before stays. A new one unless
 * chosen.
 */
run?: RunId, 
/**
 * Whether it is a step of undo, as what a person asked for should be. `true` unless chosen.
 */
undo?: boolean, };

/**
 * What a model proposes, and what became of it.
 */
export type Suggestion = { 
/**
 * How sure the model is, from 0 to 1.
 */
score: number, 
/**
 * The model's id in the project's registry, where it is in one.
 */
model: ModelId | null, 
/**
 * What was proposed together.
 */
run: RunId, verdict: Verdict, id: AnnotationId, label: LabelId, shape: Shape, 
/**
 * Drawing order: greater lies above.
 */
z: number, attributes: { [key in string]: AttributeValue }, 
/**
 * Annotations of one group are selected and moved together.
 */
group: GroupId | null, 
/**
 * Nothing is done to it by hand until it is unlocked.
 */
locked: boolean, 
/**
 * What differs from the label's style.
 */
style: Style, 
/**
 * `manual`, `import` or `model:{name}`.
 */
source: string, };

/**
 * How many suggestions of a label have each verdict.
 */
export type SuggestionCount = { label: LabelId, pending: number, accepted: number, rejected: number, superseded: number, };

/**
 * Which suggestions are meant; what is missing admits all.
 */
export type SuggestionFilter = { verdict?: Verdict, label?: LabelId, run?: RunId, 
/**
 * Those of at least this score.
 */
minScore?: number, };

/**
 * How new texts are set.
 */
export type TextSettings = { 
/**
 * The font's size in image pixels.
 */
size: number, bold: boolean, align: Align, };

/**
 * A text annotation that is being typed.
 */
export type TextToEdit = { 
/**
 * The annotation whose text it is; `null` for a new one.
 */
id: AnnotationId | null, 
/**
 * `x, y, width, height` in image space.
 */
box: [number, number, number, number], text: string, 
/**
 * The font's size in image pixels.
 */
size: number, bold: boolean, align: Align, };

/**
 * The colours around the photograph.
 */
export type Theme = "dark" | "light";

export type ToolName = "select" | "lasso" | "box" | "rotated_box" | "ellipse" | "polygon" | "polyline" | "point" | "path" | "arrow" | "text" | "cuboid" | "skeleton" | "brush" | "eraser" | "wand" | "scissors" | "smart" | "slice" | "measure" | "pan" | "comment";

/**
 * Settings of all tools.
 */
export type ToolSettings = { 
/**
 * The radius of brush and eraser, in image pixels.
 */
brush_radius: number, 
/**
 * How far a colour may differ from the magic wand's seed, 0 to 255.
 */
wand_tolerance: number, 
/**
 * What the magic wand makes.
 */
wand_result: WandResult, 
/**
 * What the smart polygon makes.
 */
smart_result: WandResult, 
/**
 * Once the smart polygon was used, photographs are made ready for it when they open.
 */
smart_prepares: boolean, 
/**
 * A pixel belongs to one mask only: the one that is edited takes it from the others, unless
 * they are locked.
 */
panoptic: boolean, 
/**
 * New corners jump onto corners nearby.
 */
snap: boolean, 
/**
 * New polygons follow the outlines of their neighbours.
 */
share_borders: boolean, 
/**
 * How far a simplified line may lie from the drawn one, in image pixels.
 */
simplify_tolerance: number, text: TextSettings, };

/**
 * What became of a suggestion.
 */
export type Verdict = "pending" | "accepted" | "rejected" | "superseded";

/**
 * How the photograph and what lies over it are shown; nothing of it is part of the annotations.
 */
export type ViewOptions = { 
/**
 * Added to every channel, from -1 to 1.
 */
brightness: number, 
/**
 * Factor of the distance from the middle grey; 1 changes nothing.
 */
contrast: number, 
/**
 * Greater than 1 brightens the dark parts.
 */
gamma: number, invert: boolean, channel: ChannelName, 
/**
 * Window and level: what becomes black and what white, from 0 to 1 of the samples' range.
 */
window: [number, number] | null, 
/**
 * Lines between the photograph's pixels, once they are large enough.
 */
pixel_grid: boolean, 
/**
 * Lines every so many pixels of the photograph.
 */
grid: number | null, 
/**
 * Lines across the canvas through the pointer.
 */
crosshair: boolean, 
/**
 * The label's name beside what is selected or hovered.
 */
names: boolean, };

/**
 * The shape that the magic wand or the smart polygon leaves.
 */
export type WandResult = "mask" | "polygon";
