"""Writes Rich Text Format 1.9 by hand: no converter is involved, so the file is as foreign as a user's own."""


def escape(words):
    """Non-ASCII characters become signed 16-bit \\u escapes with a question mark for old readers."""
    out = []
    for character in words:
        code = ord(character)
        if character in "\\{}":
            out.append("\\" + character)
        elif code < 128:
            out.append(character)
        else:
            out.append(f"\\u{code if code < 32768 else code - 65536}?")
    return "".join(out)


class RichText:
    """Headings, paragraphs, tables and pictures in order."""

    def __init__(self):
        self.body = []

    def heading(self, words, new_page=False, size=28):
        start = "\\page" if new_page else ""
        self.body.append(f"{start}\\pard\\sb120\\sa120\\keepn\\b\\cf2\\fs{size} {escape(words)}\\b0\\cf1\\par")

    def text(self, *paragraphs):
        self.body += [f"\\pard\\sa120\\fs22 {escape(words)}\\par" for words in paragraphs]

    def bullets(self, *lines):
        self.body += [f"\\pard\\li500\\fi-250\\sa60\\fs22 \\bullet  {escape(words)}\\par" for words in lines]

    def table(self, rows, widths):
        for number, row in enumerate(rows):
            cells, edge = [], 0
            for width in widths:
                edge += width
                borders = "".join(f"\\clbrdr{side}\\brdrs\\brdrw10" for side in "tlbr")
                shade = "\\clcbpat3" if number == 0 else ""
                cells.append(f"{borders}{shade}\\cellx{edge}")
            weight = ("\\b ", "\\b0") if number == 0 else ("", "")
            words = "".join(f"{weight[0]}{escape(cell)}{weight[1]}\\cell " for cell in row)
            self.body.append("\\trowd\\trgaph90" + "".join(cells) + "\\pard\\intbl\\fs20 " + words + "\\row")
        self.body.append("\\pard\\par")

    def picture(self, content, pixel_width, pixel_height, twips_width):
        twips_height = twips_width * pixel_height // pixel_width
        digits = content.hex()
        lines = "\n".join(digits[i:i + 120] for i in range(0, len(digits), 120))
        self.body.append(
            f"\\pard\\qc{{\\pict\\pngblip\\picw{pixel_width}\\pich{pixel_height}\\picwgoal{twips_width}"
            f"\\pichgoal{twips_height}\n{lines}}}\\par")

    def bytes(self):
        head = ("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Liberation Sans;}}"
                "{\\colortbl;\\red0\\green0\\blue0;\\red31\\green56\\blue100;\\red219\\green229\\blue241;}"
                "\\paperw11906\\paperh16838\\margl1134\\margr1134\\margt1134\\margb1134\\f0\n")
        return (head + "\n".join(self.body) + "\n}\n").encode("ascii")
