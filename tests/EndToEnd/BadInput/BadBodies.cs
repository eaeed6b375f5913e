using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EndToEnd.BadInput;

/// <summary>One request that is refused.</summary>
/// <param name="Status">SIP status.</param>
/// <param name="Label">Label of the reason in <c>conference_as_refusals_total</c>.</param>
/// <param name="Reason">The reason phrase, or its beginning.</param>
/// <param name="Body">What is sent.</param>
internal sealed record BadBody(int Status, string Label, string Reason, string Body)
{
    /// <summary>Who sends it.</summary>
    internal int User { get; init; } = BadInputTarget.Attacker;

    /// <summary>Where to; the user part of an address in the server's domain, null for the conference.</summary>
    internal string? Target { get; init; }

    internal string ContentType { get; init; } = "application/vnd.ims-conference+xml";

    /// <summary>What is sent before, and accepted.</summary>
    internal string[] Before { get; init; } = [];

    /// <summary>What Warning must hold.</summary>
    internal string Warning { get; init; } = "399 ";
}

/// <summary>The bad bodies of the issue, by name; each body is made anew with ids of its own.</summary>
internal static class BadBodies
{
    internal const string Namespace = "urn:ims-conference:sharing:1";

    internal const string Announce = """<share-document document="doc" name="doc" pages="3"/>""";

    internal static readonly IReadOnlyDictionary<string, Func<BadBody>> ByName = new Dictionary<string, Func<BadBody>>
    {
        ["not well-formed"] = () => new(400, "body_not_well_formed", "The body is not well-formed XML",
            $"""<request xmlns="{Namespace}" id="{NewId()}"><say>x</request>""") { Warning = "line 1, column" },
        ["cut off"] = () => new(400, "body_not_well_formed", "The body is not", Request("<say>x")[..^9]),
        ["bytes that are no text"] = () => new(400, "body_not_well_formed", "The body is not", "\u0001\u0002<a/>"),
        ["unknown action"] = () => new(400, "body_unknown_action", "Unknown action", Request("<explode/>")),
        ["no action"] = () => new(400, "body_missing_action", "The request has no action", Request("")),
        ["two actions"] = () => new(400, "body_several_actions", "The request has more", Request("<undo/><redo/>")),
        ["attribute missing"] = () => new(400, "body_missing_attribute", "A required attribute is missing",
            Request("""<turn document="doc"/>""")) { Warning = "page" },
        ["wrong namespace version"] = () => new(400, "body_unknown_namespace", "Unknown namespace or version",
            """<request xmlns="urn:ims-conference:sharing:2" id="x"><undo/></request>"""),
        ["no namespace"] = () => new(400, "body_unknown_namespace", "Unknown namespace", """<request id="x"/>"""),
        ["unknown root"] = () => new(400, "body_unknown_root", "Unknown root",
            $"""<notification xmlns="{Namespace}" from="1" to="2"/>"""),
        ["DTD with entities"] = () => new(400, "body_dtd", "A document type declaration is not allowed",
            $"""<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><request xmlns="{Namespace}" id="x"/>"""),
        ["DTD from outside"] = () => new(400, "body_dtd", "A document type declaration is not allowed",
            """<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>"""),
        ["100 levels deep"] = () => new(400, "body_too_deep", "Too many levels of elements",
            Request(Repeat("<a>", 100) + Repeat("</a>", 100))),
        ["5,000 attributes"] = () => new(400, "body_too_many_attributes", "Too many attributes on one element",
            Request($"<say {Attributes(5_000)}>x</say>")),
        ["name too long"] = () => new(400, "body_name_too_long", "A name is too long",
            Request($"<{Repeat("n", 200)}/>")),
        ["UTF-16 declared"] = () => new(400, "body_not_utf8", "The body is not UTF-8",
            """<?xml version="1.0" encoding="utf-16"?>""" + Request("<undo/>")),
        ["CR and LF in a name"] = () => new(400, "body_bad_value", "A value is not allowed",
            Request("""<join name="Eve&#13;&#10;Warning: 399 evil"/>""")) { Warning = "control character" },
        ["CR and LF in a document name"] = () => new(400, "body_bad_value", "A value is not allowed",
            Request("""<share-document document="d2" name="a&#10;b" pages="2"/>""")),
        ["CR and LF in an id"] = () => new(400, "body_bad_value", "A value is not allowed",
            $"""<request xmlns="{Namespace}" id="a&#13;&#10;b"><undo/></request>"""),

        ["wrong digest"] = () => new(400, "digest_mismatch", "Content does not match its digest or size",
            Request(Page(1, document: "mine", digest: new string('0', 64)))),
        ["wrong size"] = () => new(400, "body_size_mismatch", "The content has another size than announced",
            Request(Page(1, document: "mine", bytes: 999))),
        ["no Base64"] = () => new(400, "body_bad_base64", "The content is not Base64",
            Request(Page(1, document: "mine").Replace("AAAA", "A?!A", StringComparison.Ordinal))),
        ["part repeated with other content"] = () => new(400, "part_mismatch", "The part does not fit the others",
            Request(Page(2, document: "mine", part: (1, 3, 8)))) { Before = [Request(FirstPart())] },
        ["part of another count"] = () => new(400, "part_mismatch", "The part does not fit the others",
            Request(Page(2, document: "mine", part: (2, 4, 9)))) { Before = [Request(FirstPart())] },
        ["part beyond the count"] = () => new(400, "body_bad_value", "A value is not allowed",
            Request(Page(2, document: "mine", part: (4, 3, 9)))),
        ["page of parts that is not whole"] = () => new(400, "page_missing", "The page has not been shared yet",
            Request(Mark("1,1 2,2", 2, "mine"))) { Before = [Request(FirstPart())] },
        ["page 0 shared"] = () => new(400, "body_bad_value", "A value is not allowed",
            Request(Page(0, document: "mine"))) { Warning = "page" },
        ["turn to page 0"] = () => new(400, "body_bad_value", "A value is not allowed",
            Request("""<turn document="doc" page="0"/>""")),
        ["turn beyond the count"] = () => new(400, "page_out_of_range", "No such page in the document",
            Request("""<turn document="doc" page="4"/>""")),
        ["page beyond the count shared"] = () => new(400, "page_out_of_range", "No such page in the document",
            Request(Page(4, document: "mine"))),
        ["turn to page -1"] = () => new(400, "body_bad_value", "A value",
            Request("""<turn document="doc" page="-1"/>""")),
        ["turn to page 99999999999"] = () => new(400, "body_bad_value", "A value",
            Request("""<turn document="doc" page="99999999999"/>""")),
        ["unknown document"] = () => new(400, "unknown_document", "No such document",
            Request("""<turn document="nothing" page="1"/>""")),
        ["page of somebody else's document"] = () => new(403, "not_sharer", "Only the sharer", Request(Page(2))),
        ["mark outside the page"] = () => new(400, "mark_outside_page", "A point lies outside the page",
            Request(Mark("100001,5 3,3"))),
        ["mark at a negative place"] = () => new(400, "mark_outside_page", "A point",
            Request(Mark("-1,5 3,3"))),
        ["mark moved off the page"] = MarkMovedAway,
        ["mark on a page that is not there"] = () => new(400, "page_missing", "The page has not been shared yet",
            Request(Mark("1,1 2,2", 3))),
        ["mark on a page beyond the count"] = () => new(400, "page_out_of_range", "No such page",
            Request(Mark("1,1 2,2", 4))),
        ["unknown mark deleted"] = () => new(400, "unknown_mark", "No such mark",
            Request(Operate("""<delete ids="nothing"/>"""))),
        ["line with three points"] = () => new(400, "body_wrong_point_count", "Wrong number of points",
            Request(Mark("1,1 2,2 3,3"))),

        ["unknown conference"] = () => new(404, "unknown_conference", "No such conference", Request("<undo/>"))
            { Target = "conf-nothing" },
        ["no conference address"] = () => new(404, "not_a_conference", "No conference has this address",
            Request("<undo/>")) { Target = "somebody" },
        ["path in the address"] = () => new(404, "not_a_conference", "No conference has this address",
            Request("<undo/>")) { Target = "conf-..%2f..%2fetc%2fpasswd" },
        ["CR and LF in the address"] = () => new(404, "not_a_conference", "No conference has this address",
            Request("<undo/>")) { Target = "conf-%0d%0aWarning:%20x" },
        ["request to the factory"] = () => new(400, "factory_only_creates", "The factory takes only create",
            Request("<undo/>")) { Target = "factory" },
        ["create to a conference"] = () => new(400, "create_needs_factory", "Create goes to the factory",
            Request("""<create subject="x"/>""")),
        ["not a member"] = () => new(403, "not_member", "Not a member of the conference", Request("<say>x</say>"))
            { User = BadInputTarget.Stranger },
        ["join of a closed conference"] = () => new(403, "not_member", "Not a member", Request("<join/>"))
            { User = BadInputTarget.Stranger },
        ["no right to draw"] = () => new(403, "no_right", "Not allowed in this conference", Request(Mark("1,1 2,2")))
            { User = BadInputTarget.Observer },
        ["no right to end"] = () => new(403, "no_right", "Not allowed in this conference", Request("<end/>")),
        ["duplicate id with other content"] = DuplicateId,
        ["revision ahead"] = () => new(400, "revision_ahead", "The conference has not reached",
            Request("""<resync since="999999999"/>""")),

        ["no body"] = () => new(400, "body_empty", "There is no body", string.Empty),
        ["other media type"] = () => new(415, "sip_unsupported_media_type", "Unsupported Media Type", "{}")
            { ContentType = "application/json" },
        ["control characters in a chat line"] = () => new(400, "bad_text", "The text is not UTF-8 or", "a\u0007b")
            { ContentType = "text/plain" },
        ["chat line too long"] = () => new(413, "text_too_long", "The text is too long", Repeat("x", 5_000))
            { ContentType = "text/plain" },
    };

    internal static string NewId() => Guid.NewGuid().ToString("N");

    internal static string Request(string action) =>
        $"""<request xmlns="{Namespace}" id="{NewId()}">{action}</request>""";

    internal static string Attributes(int count) => string.Concat(
        Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"a{number}=\"\" ")));

    /// <summary>A <c>share-page</c> of 18 bytes; or a part of it that begins at an offset.</summary>
    internal static string Page(
        int number, string document = "doc", string? digest = null, int bytes = 18,
        (int Part, int Parts, int Offset)? part = null)
    {
        var content = Encoding.ASCII.GetBytes("\0\0\0\0\0\0 a page " + "\0\0\0\0");
        var sent = part is { } cut ? content.AsSpan(cut.Offset, 6) : content;
        var which = part is { } piece ? $" part=\"{piece.Part}\" parts=\"{piece.Parts}\"" : string.Empty;
        return $"<share-page document=\"{document}\" page=\"{number}\" width=\"2\" height=\"1\" type=\"image/png\""
            + $" bytes=\"{bytes}\" sha256=\"{digest ?? Convert.ToHexStringLower(SHA256.HashData(content))}\"{which}>"
            + Convert.ToBase64String(sent) + "</share-page>";
    }

    private static string FirstPart() => Page(2, document: "mine", part: (1, 3, 0));

    private static string Mark(string points, int page = 1, string document = "doc", string? id = null) => Operate(
        $"""<add id="{id ?? NewId()}" kind="line" points="{points}"/>""", page, document);

    private static string Operate(string operation, int page = 1, string document = "doc") =>
        $"""<operate document="{document}" page="{page}">{operation}</operate>""";

    private static BadBody DuplicateId()
    {
        var first = Request("<say>the first</say>");
        var second = first.Replace("the first", "another one", StringComparison.Ordinal);
        return new(400, "id_reused", "This id was used for another request", second) { Before = [first] };
    }

    private static BadBody MarkMovedAway()
    {
        var id = NewId();
        var move = Operate($"""<move ids="{id}" dx="-100000" dy="0"/>""");
        return new(400, "mark_outside_page", "A point lies outside the page", Request(move))
        {
            Before = [Request(Mark("50,50 60,60", id: id))],
        };
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
