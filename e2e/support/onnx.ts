// A tiny detector made in code: an ONNX file that finds coloured squares, in the layout of YOLO v8.
//
// It looks at 64 × 64 pixels in cells of 8; a cell of one colour is an object of that class, the surer
// the purer the colour. So a test knows what a photograph of squares gives.
import { photoOf, type Photo } from './photos'

const SIDE = 64
const CELL = 8
const CELLS = (SIDE / CELL) ** 2
/** What YOLO v8 has for 64 pixels: cells of 8, 16 and 32; the larger ones find nothing here. */
const ANCHORS = CELLS + 16 + 4

// Protobuf, as far as it is needed: field numbers are those of onnx.proto.
type Field = [number, bigint | number | string | Uint8Array | Field[]]

function varint(value: bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

function message(fields: Field[]): Uint8Array {
  const parts = fields.map(([number, value]) => {
    if (typeof value === 'number' || typeof value === 'bigint') {
      return Buffer.from([...varint(BigInt(number << 3)), ...varint(BigInt(value))])
    }
    const bytes = typeof value === 'string' ? Buffer.from(value) : Array.isArray(value) ? message(value) : value
    return Buffer.concat([Buffer.from([...varint(BigInt((number << 3) | 2)), ...varint(BigInt(bytes.length))]), bytes])
  })
  return Buffer.concat(parts)
}

const floats = (name: string, dims: number[], data: number[]): Field =>
  [5, [...dims.map((dim): Field => [1, dim]), [2, 1], [8, name], [9, new Uint8Array(Float32Array.from(data).buffer)]]]
const integers = (name: string, data: number[]): Field =>
  [5, [[1, data.length], [2, 7], [8, name], [9, new Uint8Array(BigInt64Array.from(data.map(BigInt)).buffer)]]]
const port = (field: number, name: string, dims: number[]): Field =>
  [field, [[1, name], [2, [[1, [[1, 1], [2, dims.map((dim): Field => [1, [[1, dim]]])]]]]]]]

type Attribute = [string, number | number[]]

function node(kind: string, inputs: string[], output: string, attributes: Attribute[] = []): Field {
  const attribute = ([name, value]: Attribute): Field =>
    Array.isArray(value)
      ? [5, [[1, name], ...value.map((one): Field => [8, one]), [20, 7]]]
      : [5, [[1, name], [3, value], [20, 2]]]
  return [1, [...inputs.map((input): Field => [1, input]), [2, output], [3, output], [4, kind], ...attributes.map(attribute)]]
}

/** The detector; with `operator`, its scores go through one of that name. */
export function detector(classes: ['red', 'blue'] | [string, string] = ['red', 'blue'], operator?: string): Buffer {
  const centres = Array.from({ length: CELLS }, (_, i) => i)
  const place = (of: (cell: number) => number) => [...centres.map(of), ...Array<number>(ANCHORS - CELLS).fill(CELL / 2)]
  const boxes = [
    ...place((i) => (i % 8) * CELL + CELL / 2),
    ...place((i) => Math.floor(i / 8) * CELL + CELL / 2),
    ...Array<number>(2 * ANCHORS).fill(CELL),
  ]
  const graph: Field[] = [
    node('AveragePool', ['images'], 'cells', [['kernel_shape', [CELL, CELL]], ['strides', [CELL, CELL]]]),
    node('Conv', ['cells', 'colours'], 'pure', [['kernel_shape', [1, 1]]]),
    node('Reshape', ['pure', 'flat'], 'rows'),
    node('Concat', ['rows', 'nothing'], 'all', [['axis', 2]]),
    node('Clip', ['all', 'zero', 'one'], 'scores'),
    ...(operator ? [node(operator, ['scores'], 'last')] : []),
    node('Concat', ['boxes', operator ? 'last' : 'scores'], 'output0', [['axis', 1]]),
    [2, 'squares'],
    floats('colours', [2, 3, 1, 1], [1, -0.5, -0.5, -0.5, -0.5, 1]),
    integers('flat', [1, 2, CELLS]),
    floats('nothing', [1, 2, ANCHORS - CELLS], Array<number>(2 * (ANCHORS - CELLS)).fill(0)),
    floats('zero', [], [0]),
    floats('one', [], [1]),
    floats('boxes', [1, 4, ANCHORS], boxes),
    port(11, 'images', [1, 3, SIDE, SIDE]),
    port(12, 'output0', [1, 6, ANCHORS]),
  ]
  const said = (key: string, value: string): Field => [14, [[1, key], [2, value]]]
  const model: Field[] = [
    [1, 8],
    [2, 'visionflow tests'],
    [8, [[2, 13]]],
    [7, graph],
    said('task', 'detect'),
    said('imgsz', '[64, 64]'),
    said('stride', '32'),
    said('names', `{0: '${classes[0]}', 1: '${classes[1]}'}`),
  ]
  return Buffer.from(message(model))
}

export type Square = { cell: [number, number]; colour: 'red' | 'blue'; sure: number }

/** A grey photograph of 256 × 256 pixels with squares of 32; a square's score is how pure it is. */
export function squares(name: string, list: Square[]): Photo {
  return photoOf(name, 256, 256, (x, y) => {
    const square = list.find(({ cell }) => cell[0] === Math.floor(x / 32) && cell[1] === Math.floor(y / 32))
    if (!square) return [128, 128, 128]
    const [low, high] = [Math.round(128 * (1 - square.sure)), Math.round(128 * (1 - square.sure) + 255 * square.sure)]
    return square.colour === 'red' ? [high, low, low] : [low, low, high]
  })
}
