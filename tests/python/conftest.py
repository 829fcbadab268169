import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOLI = ROOT / "data" / "toli"
