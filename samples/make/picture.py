"""Draws small pictures and writes them as palette PNG files, with the Python standard library only."""

import struct
import zlib


class Picture:
    """A raster of palette indices. Colour 0 is the background."""

    def __init__(self, width, height, palette):
        self.width, self.height, self.palette = width, height, palette
        self.rows = [bytearray(width) for _ in range(height)]

    def dot(self, x, y, color, size=1):
        half = size // 2
        for row in range(max(0, int(y) - half), min(self.height, int(y) - half + size)):
            for column in range(max(0, int(x) - half), min(self.width, int(x) - half + size)):
                self.rows[row][column] = color

    def line(self, x0, y0, x1, y1, color, size=1):
        steps = int(max(abs(x1 - x0), abs(y1 - y0), 1))
        for step in range(steps + 1):
            self.dot(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps, color, size)

    def path(self, points, color, size=1):
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            self.line(x0, y0, x1, y1, color, size)

    def box(self, x0, y0, x1, y1, color):
        for row in range(max(0, int(y0)), min(self.height, int(y1))):
            for column in range(max(0, int(x0)), min(self.width, int(x1))):
                self.rows[row][column] = color

    def ellipse(self, cx, cy, rx, ry, color):
        for row in range(max(0, int(cy - ry)), min(self.height, int(cy + ry) + 1)):
            for column in range(max(0, int(cx - rx)), min(self.width, int(cx + rx) + 1)):
                if ((column - cx) / rx) ** 2 + ((row - cy) / ry) ** 2 <= 1:
                    self.rows[row][column] = color

    def png(self):
        def chunk(name, data):
            return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        palette = b"".join(bytes.fromhex(color) for color in self.palette)
        raster = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"PLTE", palette)
                + chunk(b"IDAT", raster) + chunk(b"IEND", b""))


def heart_trace():
    """Three leads on squared paper, the ST segment raised."""
    picture = Picture(900, 420, ["fff5f2", "f3c9c0", "e39b8c", "202020"])
    for x in range(0, 900, 10):
        picture.line(x, 0, x, 419, 2 if x % 50 == 0 else 1)
    for y in range(0, 420, 10):
        picture.line(0, y, 899, y, 2 if y % 50 == 0 else 1)
    beat = [(0, 0), (18, 0), (26, -12), (34, 0), (44, 0), (48, 10), (54, -78), (61, 22), (66, -26), (84, -34),
            (100, -38), (116, -22), (128, 0), (150, 0)]
    for lead, base in enumerate((80, 210, 340)):
        strength = (1.0, 0.75, 1.2)[lead]
        trace = [(start + x, base + y * strength) for start in range(0, 900, 150) for x, y in beat]
        picture.path(trace, 3, 2)
    return picture.png()


def ward_plan():
    """Rooms of an emergency department from above, with the ambulance bay and three zones."""
    picture = Picture(900, 460, ["ffffff", "303030", "e8b4ae", "f2e2a4", "bfe0b8", "c8d8ee"])
    for x0, y0, x1, y1, color in (
            (20, 20, 300, 200, 2), (300, 20, 600, 200, 3), (600, 20, 880, 200, 4),
            (20, 260, 220, 440, 5), (220, 260, 420, 440, 2), (420, 260, 650, 440, 3), (650, 260, 880, 440, 4)):
        picture.box(x0, y0, x1, y1, color)
        for a, b, c, d in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
            picture.line(a, b, c, d, 1, 4)
    for x in (60, 130, 200, 340, 410, 480, 550, 640, 710, 780, 840):
        picture.box(x - 15, 50, x + 15, 110, 0)
        picture.box(x - 15, 50, x + 15, 66, 5)
    picture.line(20, 230, 860, 230, 1, 3)
    picture.path([(835, 215), (860, 230), (835, 245)], 1, 3)
    for x, y in ((120, 350), (320, 350), (535, 350), (765, 350)):
        picture.ellipse(x, y, 34, 34, 0)
        picture.line(x - 20, y, x + 20, y, 1, 6)
        picture.line(x, y - 20, x, y + 20, 1, 6)
    return picture.png()


def chest_scheme():
    """Airway and two lungs with a shadow in the right lower field."""
    picture = Picture(620, 420, ["10141c", "2a3442", "8fa3b8", "d9e2ea", "f4d35e"])
    picture.ellipse(310, 235, 280, 195, 1)
    picture.ellipse(195, 230, 105, 150, 2)
    picture.ellipse(425, 230, 105, 150, 2)
    picture.ellipse(345, 290, 85, 80, 1)
    picture.box(300, 20, 322, 130, 3)
    picture.path([(311, 125), (250, 175)], 3, 12)
    picture.path([(311, 125), (372, 175)], 3, 12)
    for offset in range(0, 260, 42):
        picture.path([(95, 120 + offset), (190, 95 + offset), (285, 125 + offset)], 3, 2)
        picture.path([(335, 125 + offset), (430, 95 + offset), (525, 120 + offset)], 3, 2)
    picture.ellipse(175, 320, 42, 30, 3)
    picture.path([(115, 320), (130, 278), (175, 262), (222, 280), (236, 320), (220, 360), (175, 376), (128, 360),
                  (115, 320)], 4, 4)
    return picture.png()


def arrivals_chart():
    """Arrivals by hour as bars with a line for the beds that are free."""
    picture = Picture(760, 360, ["ffffff", "404040", "4f81bd", "c0504d", "d9d9d9"])
    for y in range(40, 320, 40):
        picture.line(50, y, 740, y, 4)
    picture.line(50, 20, 50, 320, 1, 2)
    picture.line(50, 320, 740, 320, 1, 2)
    arrivals = [4, 3, 2, 2, 1, 2, 4, 7, 9, 12, 14, 13, 12, 11, 13, 15, 16, 18, 17, 15, 12, 9, 7, 5]
    free = [20, 21, 22, 23, 24, 24, 22, 19, 16, 13, 10, 9, 9, 10, 9, 8, 6, 4, 4, 6, 9, 12, 15, 18]
    for hour, count in enumerate(arrivals):
        picture.box(60 + hour * 28, 320 - count * 14, 80 + hour * 28, 319, 2)
    picture.path([(70 + hour * 28, 320 - count * 11) for hour, count in enumerate(free)], 3, 4)
    return picture.png()
