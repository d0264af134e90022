"""Voice, pictures, clips and files: taken in resumably, made safe in a process apart, given to members."""
