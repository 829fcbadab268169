"""plan.gpkg opens styled in QGIS: the layer of plots comes up by period, with every feature. For Debian's PyQGIS.

Usage: qgis_styled.py PROGRAM ROOT
"""
import os
import subprocess
import sys
import tempfile

program, root = sys.argv[1:3]
folder = tempfile.mkdtemp()
os.environ.update(QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=folder, QGIS_CUSTOM_CONFIG_PATH=folder)
out = os.path.join(folder, "out")
subprocess.run([program, "run", os.path.join(root, "data/toli/toli.yaml"), "-o", out, "-q"], check=True, stdout=subprocess.DEVNULL)

from qgis.core import QgsApplication, QgsVectorLayer  # noqa: E402  (after the environment)

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(out + "/plan.gpkg|layername=plots", "plots", "ogr")
renderer = layer.renderer()
labels = [category.label() for category in renderer.categories()] if renderer.type() == "categorizedSymbol" else []
rules = [rule.label() for rule in renderer.rootRule().children()] if renderer.type() == "RuleRenderer" else []
names = " ".join(labels + rules)
good = (layer.isValid() and layer.featureCount() == 28 and layer.crs().authid() == "EPSG:4490"
        and all(period in names for period in ("2023", "2024", "2025")))
print("valid", layer.isValid(), "features", layer.featureCount(), layer.crs().authid(), renderer.type(), names)
print("1 passed, 0 failed" if good else "0 passed, 1 failed")
sys.stdout.flush()
os._exit(0 if good else 1)  # leaving QGIS in order crashes while layers live
