using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AppServer.Configuration;
using AppServer.Provisioning;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Requests;

namespace AppServer.Admin;

/// <summary>The admin API: create, list, show, end. Described in docs/admin-api.md.</summary>
internal static class AdminEndpoints
{
    private const string Root = "/admin/v1/conferences";
    private const int PageSizeDefault = 100;
    private const int IdempotencyKeyCharactersMax = 200;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 8,
    };

    /// <summary>Adds the paths; <see cref="AdminGate"/> stands before them.</summary>
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Root, CreateAsync);
        routes.MapGet(Root, ListAsync);
        routes.MapGet(Root + "/{id}", ShowAsync);
        routes.MapDelete(Root + "/{id}", EndAsync);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ConferenceReader reader, IConferenceGateway gateway)
    {
        // A form or plain text can be sent by any web page in the operator's browser; JSON cannot (CORS preflight).
        if (!context.Request.HasJsonContentType()) return AdminProblem.Of(415, "not_json", "Send application/json.");
        ConferenceDto? dto;
        try
        {
            dto = await JsonSerializer.DeserializeAsync<ConferenceDto>(
                context.Request.Body, Format, context.RequestAborted);
        }
        catch (JsonException failure)
        {
            return AdminProblem.Of(400, "bad_json", AdminProblem.Explain(failure));
        }
        catch (BadHttpRequestException failure)
        {
            return AdminProblem.Of(failure.StatusCode, "bad_body", failure.Message);
        }

        if (dto is null) return AdminProblem.Of(400, "bad_json", "The body is null.");
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > IdempotencyKeyCharactersMax)
            return AdminProblem.Of(400, "bad_idempotency_key", "Idempotency-Key is too long.");
        var command = reader.TryRead(dto, RequestId(key), out var faults);
        if (command is null)
        {
            return Results.ValidationProblem(
                new Dictionary<string, string[]> { ["conference"] = [.. faults] },
                type: AdminProblem.TypeOf("not_valid"));
        }

        return await gateway.SubmitAsync(command, context.RequestAborted) switch
        {
            CommandOutcome.Accepted accepted => Results.Created(
                $"{Root}/{Uri.EscapeDataString(UserOf(command.Conference))}",
                new CreatedDto(command.Conference.Value, accepted.Revision)),
            CommandOutcome.Refused refused => AdminProblem.Of(refused),
            _ => throw new System.Diagnostics.UnreachableException("CommandOutcome is closed."),
        };
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, IConferenceStore store, AdminOptions options, string? after, int? limit)
    {
        var count = limit ?? Math.Min(PageSizeDefault, options.PageSizeMax);
        if (count < 1 || count > options.PageSizeMax)
            return AdminProblem.Of(400, "bad_limit", $"limit must be 1 to {options.PageSizeMax}.");
        ConferenceUri? start = null;
        if (after is { Length: > 0 })
        {
            if (!ConferenceUri.TryParse(after, out var uri))
                return AdminProblem.Of(400, "bad_after", "after must be a conference URI.");
            start = uri;
        }

        try
        {
            var found = await store.ListAsync(start, count, context.RequestAborted);
            var lines = found.Select(line => new ConferenceLineDto(line.Conference.Value, line.LastRevision)).ToArray();
            var next = found.Length == count ? found[^1].Conference.Value : null;
            return Results.Ok(new ConferencePageDto(lines, next));
        }
        catch (StoreUnavailableException)
        {
            return AdminProblem.Of(new CommandOutcome.Refused(RefuseReason.StoreUnavailable));
        }
    }

    private static async Task<IResult> ShowAsync(
        string id, HttpContext context, ConferenceUris uris, IConferenceGateway gateway)
    {
        if (!TryFind(id, uris, out var conference)) return AdminProblem.UnknownConference;
        ConferenceDescription? description;
        try
        {
            description = await gateway.DescribeAsync(conference, context.RequestAborted);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or TimeoutException)
        {
            return AdminProblem.Of(new CommandOutcome.Refused(RefuseReason.StoreUnavailable));
        }

        return description is null ? AdminProblem.UnknownConference : Results.Ok(ConferenceShow.Of(description));
    }

    private static async Task<IResult> EndAsync(
        string id, HttpContext context, ConferenceUris uris, IConferenceGateway gateway)
    {
        if (!TryFind(id, uris, out var conference)) return AdminProblem.UnknownConference;

        // Always the same request: a second DELETE of one conference is a repetition, not another end (R3).
        var operatorUri = ParticipantUri.Parse(uris.Factory.Value);
        var command = new ConferenceCommand(
            conference, operatorUri, new ConferenceRequest("admin-end", new EndConference()), ContentHash: 1)
        {
            IsOperator = true,
        };
        return await gateway.SubmitAsync(command, context.RequestAborted) switch
        {
            CommandOutcome.Accepted => Results.NoContent(),
            CommandOutcome.Refused refused => AdminProblem.Of(refused),
            _ => throw new System.Diagnostics.UnreachableException("CommandOutcome is closed."),
        };
    }

    // Either the whole URI or its user part, such as conf-weekly.
    private static bool TryFind(string id, ConferenceUris uris, out ConferenceUri conference)
    {
        var text = id.Contains('@', StringComparison.Ordinal) ? id : $"sip:{id}@{DomainOf(uris.Factory)}";
        return ConferenceUri.TryParse(text, out conference);
    }

    private static string UserOf(ConferenceUri uri) => uri.Value[4..uri.Value.LastIndexOf('@')];

    private static string DomainOf(ConferenceUri uri) => uri.Value[(uri.Value.LastIndexOf('@') + 1)..];

    // With a key, a repeated request makes nothing twice; without one, every request makes a conference of its own.
    private static string RequestId(string key)
    {
        if (key.Length == 0) return "admin-" + Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture);
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));
        return "admin-" + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
