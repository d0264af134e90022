"""The parts of the fictional city 云溪市: geometry, names, streets, water, blocks. Entry: ``maps.fiction``."""
