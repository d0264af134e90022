"""The parts of the fictional city 云溪市: plane, names, streets, water, plots. Entry: ``maps.fiction``."""
