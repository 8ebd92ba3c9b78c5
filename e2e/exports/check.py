"""Reads exports with other people's tools and compares every box and polygon with what was annotated.

check.py EXPECTED.json DIRECTORY: the directory holds one unpacked export a format.
EXPECTED.json: {"images": {file name: {"width", "height", "shapes": [{"label", "box" | "polygon"}]}}}
"""

import json
import sys
from pathlib import Path

import yaml
from datumaro.components.annotation import AnnotationType
from datumaro.components.dataset import Dataset
from PIL import Image
from pycocotools.coco import COCO

TOLERANCE = 0.01


def main() -> None:
    expected = json.loads(Path(sys.argv[1]).read_text())["images"]
    directory = Path(sys.argv[2])
    with_pycocotools(directory / "coco", expected)
    through_datumaro(directory / "coco", "coco", expected, boxes=True, polygons=True)
    through_datumaro(directory / "yolo_detect", "yolo", expected, boxes=True, polygons=False)
    by_ultralytics_rules(directory / "yolo_segment", expected)
    through_datumaro(directory / "pascal_voc", "voc", expected, boxes=True, polygons=False)


def with_pycocotools(path: Path, expected: dict) -> None:
    coco = COCO(str(path / "annotations" / "instances_default.json"))
    names = {category["id"]: category["name"] for category in coco.loadCats(coco.getCatIds())}
    images = coco.loadImgs(coco.getImgIds())
    check(sorted(image["file_name"] for image in images), sorted(expected), "pycocotools: file names")
    for image in images:
        wanted = expected[image["file_name"]]
        check([image["width"], image["height"]], [wanted["width"], wanted["height"]], "pycocotools: size")
        found = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]]))
        boxes = [(names[a["category_id"]], a["bbox"]) for a in found if not a["segmentation"]]
        rings = [(names[a["category_id"]], a["segmentation"][0]) for a in found if a["segmentation"]]
        close(boxes, boxes_of(wanted), f"pycocotools: boxes of {image['file_name']}")
        close(rings, polygons_of(wanted), f"pycocotools: polygons of {image['file_name']}")
        for annotation in found:
            if annotation["segmentation"]:
                # The tool's own rasteriser accepts the outline, and finds about its area.
                area = float(coco.annToMask(annotation).sum())
                assert abs(area - annotation["area"]) < 0.1 * area + 60, (area, annotation["area"])
    print(f"pycocotools reads COCO: {len(images)} images")


def through_datumaro(path: Path, name: str, expected: dict, boxes: bool, polygons: bool) -> None:
    dataset = Dataset.import_from(str(path), name)
    labels = [category.name for category in dataset.categories()[AnnotationType.label]]
    # Formats with one flat folder of files write a folder's name into the file's.
    flat = lambda name: name.replace("/", "_")
    stems = {flat(Path(file).with_suffix("").as_posix()): wanted for file, wanted in expected.items()}
    check(sorted(flat(item.id) for item in dataset), sorted(stems), f"datumaro {path.name}: items")
    for item in dataset:
        wanted = stems[flat(item.id)]
        # COCO stores the box around each polygon beside it; datumaro reads both into one group.
        outlined = {a.group for a in item.annotations if a.type == AnnotationType.polygon and a.group}
        found_boxes, found_polygons = [], []
        for annotation in item.annotations:
            if annotation.type == AnnotationType.bbox and annotation.group not in outlined:
                found_boxes.append((labels[annotation.label], list(annotation.get_bbox())))
            elif annotation.type == AnnotationType.polygon:
                found_polygons.append((labels[annotation.label], list(annotation.points)))
        what = f"datumaro {path.name}: {item.id}"
        if boxes:
            # A format for boxes alone gets the box around a polygon.
            around = [] if polygons else [(label, bounds(ring)) for label, ring in polygons_of(wanted)]
            close(found_boxes, boxes_of(wanted) + around, f"{what}, boxes")
        if polygons:
            # A format for polygons alone gets a box as its four corners.
            corners = [] if boxes else [(label, ring_of(box)) for label, box in boxes_of(wanted)]
            close(found_polygons, polygons_of(wanted) + corners, f"{what}, polygons")
    print(f"datumaro reads {path.name} ({name}): {len(stems)} images")


def by_ultralytics_rules(path: Path, expected: dict) -> None:
    """datumaro has no reader for YOLO's polygons: read as docs.ultralytics.com/datasets/segment says."""
    names = yaml.safe_load((path / "data.yaml").read_text(encoding="utf-8"))["names"]
    stems = {Path(file).with_suffix("").as_posix().replace("/", "_"): wanted for file, wanted in expected.items()}
    pictures = sorted((path / "images" / "train").iterdir())
    check(sorted(picture.stem for picture in pictures), sorted(stems), "yolo_segment: items")
    for picture in pictures:
        wanted = stems[picture.stem]
        with Image.open(picture) as image:
            size = image.size
        found = []
        for row in (path / "labels" / "train" / f"{picture.stem}.txt").read_text().splitlines():
            label, *values = row.split()
            points = [float(value) * size[i % 2] for i, value in enumerate(values)]
            found.append((names[int(label)], points))
        corners = [(label, ring_of(box)) for label, box in boxes_of(wanted)]
        close(found, polygons_of(wanted) + corners, f"yolo_segment: {picture.stem}")
    print(f"YOLO segment follows the format: {len(stems)} images")


def boxes_of(image: dict) -> list:
    return [(shape["label"], shape["box"]) for shape in image["shapes"] if "box" in shape]


def polygons_of(image: dict) -> list:
    return [(shape["label"], shape["polygon"]) for shape in image["shapes"] if "polygon" in shape]


def bounds(ring: list) -> list:
    xs, ys = ring[0::2], ring[1::2]
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


def ring_of(box: list) -> list:
    x, y, width, height = box
    return [x, y, x + width, y, x + width, y + height, x, y + height]


def close(found: list, wanted: list, what: str) -> None:
    """The same labels with the same numbers, in any order."""
    order = lambda pair: (pair[0], [round(value) for value in pair[1]])
    found, wanted = sorted(found, key=order), sorted(wanted, key=order)
    check([label for label, _ in found], [label for label, _ in wanted], f"{what}: labels")
    for (_, actual), (_, expected) in zip(found, wanted):
        off = max((abs(a - b) for a, b in zip(actual, expected)), default=0)
        assert len(actual) == len(expected) and off <= TOLERANCE, f"{what}: {actual} instead of {expected}"


def check(found, wanted, what: str) -> None:
    assert found == wanted, f"{what}: {found} instead of {wanted}"


if __name__ == "__main__":
    main()
