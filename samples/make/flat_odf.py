"""Writes flat OpenDocument text and spreadsheets (OASIS ODF 1.2, one XML file), the input of the conversion."""

import base64
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"')

PAGE = (
    '<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="{width}" '
    'fo:page-height="{height}" style:print-orientation="{orientation}" fo:margin-top="2cm" fo:margin-bottom="2cm" '
    'fo:margin-left="2cm" fo:margin-right="2cm"/></style:page-layout>')


def paragraph_style(name, font, size, extra="", weight="normal", color="#000000"):
    return (
        f'<style:style style:name="{name}" style:family="paragraph">'
        f'<style:paragraph-properties fo:margin-bottom="0.25cm" {extra}/>'
        f'<style:text-properties style:font-name="{font}" style:font-name-asian="{font}" fo:font-size="{size}pt" '
        f'style:font-size-asian="{size}pt" fo:font-weight="{weight}" style:font-weight-asian="{weight}" '
        f'fo:color="{color}"/></style:style>')


def image(content, width, height, name, anchor="as-char"):
    data = base64.b64encode(content).decode()
    return (
        f'<draw:frame draw:name="{name}" text:anchor-type="{anchor}" svg:width="{width}cm" svg:height="{height}cm">'
        f'<draw:image><office:binary-data>{data}</office:binary-data></draw:image></draw:frame>')


class TextDocument:
    """Headings, paragraphs, tables and pictures in order."""

    def __init__(self, font, language, country):
        self.font, self.language, self.country, self.body, self.tables = font, language, country, [], 0

    def heading(self, words, new_page=False):
        style = "headnew" if new_page else "head"
        self.body.append(f'<text:p text:style-name="{style}">{escape(words)}</text:p>')

    def title(self, words):
        self.body.append(f'<text:p text:style-name="title">{escape(words)}</text:p>')

    def text(self, *paragraphs):
        self.body += [f'<text:p text:style-name="body">{escape(words)}</text:p>' for words in paragraphs]

    def picture(self, content, width, height, caption):
        self.tables += 1
        frame = image(content, width, height, f"picture{self.tables}")
        self.body.append(f'<text:p text:style-name="body">{frame}</text:p>')
        self.body.append(f'<text:p text:style-name="small">{escape(caption)}</text:p>')

    def table(self, rows):
        self.tables += 1
        self.body.append(f'<table:table table:name="table{self.tables}">')
        self.body.append(f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>')
        for number, row in enumerate(rows):
            style = "cellhead" if number == 0 else "cell"
            cells = "".join(
                f'<table:table-cell table:style-name="{style}" office:value-type="string">'
                f'<text:p text:style-name="small">{escape(words)}</text:p></table:table-cell>' for words in row)
            self.body.append(f"<table:table-row>{cells}</table:table-row>")
        self.body.append('</table:table><text:p text:style-name="small"/>')

    def xml(self):
        border = 'fo:border="0.5pt solid #404040" fo:padding="0.1cm"'
        styles = "".join((
            paragraph_style("title", self.font, 20, weight="bold", color="#1f3864"),
            paragraph_style("head", self.font, 14, 'fo:margin-top="0.4cm"', "bold", "#1f3864"),
            paragraph_style("headnew", self.font, 14, 'fo:break-before="page"', "bold", "#1f3864"),
            paragraph_style("body", self.font, 11),
            paragraph_style("small", self.font, 10),
            f'<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties {border}/>'
            '</style:style>',
            f'<style:style style:name="cellhead" style:family="table-cell"><style:table-cell-properties {border} '
            'fo:background-color="#dbe5f1"/></style:style>'))
        defaults = (
            '<style:default-style style:family="paragraph"><style:text-properties '
            f'fo:language="{self.language}" fo:country="{self.country}" style:language-asian="{self.language}" '
            f'style:country-asian="{self.country}"/></style:default-style>')
        page = PAGE.format(width="21cm", height="29.7cm", orientation="portrait")
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls>'
            f'<style:font-face style:name="{self.font}" svg:font-family="\'{self.font}\'"/></office:font-face-decls>'
            f'<office:styles>{defaults}</office:styles><office:automatic-styles>{page}{styles}'
            '</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" '
            'style:page-layout-name="page"/></office:master-styles><office:body><office:text>'
            + "".join(self.body) + "</office:text></office:body></office:document>")


class Spreadsheet:
    """Sheets of rows. A cell is text or a number; the first row is the head."""

    def __init__(self, font):
        self.font, self.sheets = font, []

    def sheet(self, name, title, rows, widths, break_every=None, picture=None):
        xml = [f'<table:table table:name="{escape(name)}" table:style-name="sheet">']
        if picture is not None:
            xml.append(f'<table:shapes>{picture}</table:shapes>')
        xml += [f'<table:table-column table:style-name="col{width}"/>' for width in widths]
        if picture is not None:
            xml.append('<table:table-row table:number-rows-repeated="14"><table:table-cell/></table:table-row>')
        xml.append(self._row([title], "title"))
        xml.append('<table:table-row><table:table-cell/></table:table-row>')
        for number, row in enumerate(rows):
            new_page = break_every is not None and number > 0 and number % break_every == 0
            xml.append(self._row(row, "head" if number == 0 else "cell", "breakrow" if new_page else "row"))
        self.sheets.append("".join(xml) + "</table:table>")

    @staticmethod
    def _row(cells, style, row_style="row"):
        def cell(value):
            if isinstance(value, (int, float)):
                return (f'<table:table-cell table:style-name="{style}" office:value-type="float" '
                        f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>')
            return (f'<table:table-cell table:style-name="{style}" office:value-type="string">'
                    f'<text:p>{escape(value)}</text:p></table:table-cell>')

        return f'<table:table-row table:style-name="{row_style}">' + "".join(map(cell, cells)) + "</table:table-row>"

    def xml(self):
        def cell_style(name, size, weight, more):
            return (f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties {more}/>'
                    f'<style:text-properties style:font-name="{self.font}" fo:font-size="{size}pt" '
                    f'fo:font-weight="{weight}"/></style:style>')

        border = 'fo:border="0.5pt solid #404040"'
        styles = "".join((
            cell_style("title", 15, "bold", ""),
            cell_style("head", 10, "bold", border + ' fo:background-color="#dbe5f1"'),
            cell_style("cell", 10, "normal", border),
            '<style:style style:name="sheet" style:family="table" style:master-page-name="Standard"/>',
            '<style:style style:name="row" style:family="table-row"/>',
            '<style:style style:name="breakrow" style:family="table-row"><style:table-row-properties '
            'fo:break-before="page"/></style:style>',
            "".join(f'<style:style style:name="col{width}" style:family="table-column"><style:table-column-properties '
                    f'style:column-width="{width}cm"/></style:style>' for width in range(2, 9))))
        page = PAGE.format(width="21cm", height="29.7cm", orientation="portrait")
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} '
            'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:font-face-decls>'
            f'<style:font-face style:name="{self.font}" svg:font-family="\'{self.font}\'"/></office:font-face-decls>'
            f'<office:automatic-styles>{page}{styles}</office:automatic-styles><office:master-styles>'
            '<style:master-page style:name="Standard" style:page-layout-name="page"/></office:master-styles>'
            '<office:body><office:spreadsheet>' + "".join(self.sheets) + "</office:spreadsheet></office:body>"
            "</office:document>")
