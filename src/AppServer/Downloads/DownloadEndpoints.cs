using Conference.Actors.Ports;
using Conference.Protocol.Xml;
using Microsoft.Net.Http.Headers;

namespace AppServer.Downloads;

/// <summary>GET and HEAD of pages, saved files and the XML schema.</summary>
internal static class DownloadEndpoints
{
    /// <summary>Path before the token.</summary>
    internal const string Prefix = "/files";

    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>Adds the paths. There are no others: nothing lists what is there.</summary>
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Prefix + "/{token}", Methods, GetAsync);
        routes.MapMethods("/schemas/" + ConferenceSchema.FileName, Methods, GetSchema);
    }

    private static async Task<IResult> GetAsync(
        string token, HttpContext context, DownloadLinks links, IBlobStore blobs, TimeProvider time)
    {
        var outcome = links.Tokens.Read(token, time.GetUtcNow(), out var grant);
        if (outcome != DownloadOutcome.Ok) return Refuse(outcome);
        ReadOnlyMemory<byte>? content;
        try
        {
            content = await blobs.GetAsync(grant!.Digest, context.RequestAborted);
        }
        catch (StoreUnavailableException)
        {
            context.Response.Headers.RetryAfter = "5";
            return Refuse(DownloadOutcome.StoreUnavailable);
        }

        if (content is not { } bytes) return Refuse(DownloadOutcome.ContentGone);
        DownloadMetrics.Downloads.WithLabels(DownloadOutcomes.Describe(DownloadOutcome.Ok).Label).Inc();
        DownloadMetrics.Bytes.Inc(bytes.Length);
        Protect(context.Response);
        context.Response.Headers.CacheControl = "private, max-age=3600, immutable";
        var tag = new EntityTagHeaderValue($"\"{grant.Digest}\"");
        var name = grant.FileName.Length > 0 ? grant.FileName : grant.Digest[..12];
        return Results.Bytes(bytes, grant.MediaType, name, enableRangeProcessing: true, entityTag: tag);
    }

    private static IResult Refuse(DownloadOutcome outcome)
    {
        var (status, label, text) = DownloadOutcomes.Describe(outcome);
        DownloadMetrics.Downloads.WithLabels(label).Inc();
        return Results.Problem(title: text, statusCode: status, type: "about:blank#" + label);
    }

    private static IResult GetSchema(HttpContext context)
    {
        Protect(context.Response);
        return Results.Stream(ConferenceSchema.Open(), "application/xml");
    }

    // What is stored came from participants: a browser shows it as what it is said to be, or not at all.
    private static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
