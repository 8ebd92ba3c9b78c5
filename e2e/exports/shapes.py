"""Reads masks, turned shapes and skeletons of a COCO export with pycocotools and datumaro.

shapes.py EXPECTED.json DIRECTORY: the directory holds the unpacked export.
EXPECTED.json: {"mask": [[x, y], ...], "rotated": [x0, y0, ...], "ellipse": [cx, cy, rx, ry],
"keypoints": [x, y, v, ...], "names": [...], "edges": [[a, b], ...]}
"""

import json
import math
import sys
from pathlib import Path

from datumaro.components.annotation import AnnotationType
from datumaro.components.dataset import Dataset
from pycocotools.coco import COCO

TOLERANCE = 0.01


def main() -> None:
    expected = json.loads(Path(sys.argv[1]).read_text())
    directory = Path(sys.argv[2])
    instances(directory, expected)
    keypoints(directory, expected)
    through_datumaro(directory, expected)


def instances(directory: Path, expected: dict) -> None:
    coco = COCO(str(directory / "annotations" / "instances_default.json"))
    names = {category["id"]: category["name"] for category in coco.loadCats(coco.getCatIds())}
    found = {names[a["category_id"]]: a for a in coco.loadAnns(coco.getAnnIds())}
    assert sorted(found) == ["ellipse", "mask", "rotated"], found
    pixels = coco.annToMask(found["mask"])
    inside = {(int(x), int(y)) for y, x in zip(*pixels.nonzero())}
    assert inside == {tuple(pixel) for pixel in expected["mask"]}, sorted(inside)
    assert found["mask"]["area"] == len(expected["mask"])
    close(found["rotated"]["segmentation"][0], expected["rotated"], "corners of the rotated box")
    cx, cy, rx, ry = expected["ellipse"]
    ring = found["ellipse"]["segmentation"][0]
    for x, y in zip(ring[0::2], ring[1::2]):
        assert abs(math.hypot((x - cx) / rx, (y - cy) / ry) - 1) < TOLERANCE, (x, y)
    assert abs(found["ellipse"]["area"] - math.pi * rx * ry) < 0.02 * found["ellipse"]["area"]
    print("pycocotools reads the mask pixel by pixel, the rotated box and the ellipse")


def keypoints(directory: Path, expected: dict) -> None:
    coco = COCO(str(directory / "annotations" / "person_keypoints_default.json"))
    category = next(c for c in coco.loadCats(coco.getCatIds()) if c["name"] == "hand")
    assert category["keypoints"] == expected["names"], category
    assert category["skeleton"] == expected["edges"], category
    (annotation,) = coco.loadAnns(coco.getAnnIds())
    close(annotation["keypoints"], expected["keypoints"], "keypoints")
    visible = [v for v in expected["keypoints"][2::3] if v > 0]
    assert annotation["num_keypoints"] == len(visible), annotation
    print("pycocotools reads the skeleton")


def through_datumaro(directory: Path, expected: dict) -> None:
    # It takes one of COCO's tasks at a time.
    shapes = annotations(directory, "coco_instances")
    kinds = {annotation.type for annotation in shapes}
    assert {AnnotationType.mask, AnnotationType.polygon} <= kinds, kinds
    skeletons = annotations(directory, "coco_person_keypoints")
    (points,) = [a for a in skeletons if a.type == AnnotationType.points]
    wanted = expected["keypoints"]
    close(points.points, [v for i, v in enumerate(wanted) if i % 3 != 2], "datumaro: keypoints")
    assert [int(v.value) for v in points.visibility] == wanted[2::3], points.visibility
    mask = next(a for a in shapes if a.type == AnnotationType.mask)
    assert int(mask.image.sum()) == len(expected["mask"]), mask.image.sum()
    print("datumaro reads mask, polygons and skeleton")


def annotations(directory: Path, name: str) -> list:
    (item,) = list(Dataset.import_from(str(directory), name))
    return item.annotations


def close(found: list, wanted: list, what: str) -> None:
    off = max((abs(a - b) for a, b in zip(found, wanted)), default=0)
    assert len(found) == len(wanted) and off <= TOLERANCE, f"{what}: {found} instead of {wanted}"


if __name__ == "__main__":
    main()
