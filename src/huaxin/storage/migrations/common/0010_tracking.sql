-- The latest position of each courier (never a history) and how fast each one was found to ride.
CREATE TABLE courier_positions (
  courier TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  accuracy_m DOUBLE PRECISION NOT NULL,
  heading DOUBLE PRECISION NOT NULL,
  speed_kmh DOUBLE PRECISION NOT NULL,
  battery INTEGER NOT NULL,
  device_at BIGINT NOT NULL,
  datum TEXT NOT NULL,
  reported_lat DOUBLE PRECISION NOT NULL,
  reported_lon DOUBLE PRECISION NOT NULL
);

CREATE TABLE courier_paces (
  courier TEXT NOT NULL,
  bucket TEXT NOT NULL,
  total DOUBLE PRECISION NOT NULL,
  rides DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (courier, bucket)
);
