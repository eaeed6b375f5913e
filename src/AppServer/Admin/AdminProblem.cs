using System.Text.Json;
using Conference.Actors.Focus;

namespace AppServer.Admin;

/// <summary>Refusals of the admin API as problem+json (RFC 9457). The type ends in the reason's label.</summary>
internal static class AdminProblem
{
    /// <summary>No such conference.</summary>
    internal static IResult UnknownConference => Of(new CommandOutcome.Refused(RefuseReason.UnknownConference));

    /// <summary>A refusal of a conference. The statuses of SIP mean the same in HTTP, but for three.</summary>
    internal static IResult Of(CommandOutcome.Refused refused)
    {
        var (status, label, text) = RefuseReasons.Describe(refused.Reason);
        status = refused.Reason switch
        {
            RefuseReason.ConferenceExists or RefuseReason.ConferenceFull => 409,
            _ => status == 480 ? 429 : status,
        };
        return Of(status, label, refused.Detail ?? text);
    }

    /// <summary>Any other refusal.</summary>
    internal static IResult Of(int status, string label, string detail) =>
        Results.Problem(statusCode: status, type: TypeOf(label), title: label, detail: detail);

    /// <summary>What is wrong with a JSON text, without the names of our types that the reader puts into it.</summary>
    internal static string Explain(JsonException failure)
    {
        var place = $"Line {failure.LineNumber + 1}, {failure.Path ?? "$"}: ";
        if (failure.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return place + "there is no field with this name.";
        return failure.Message.StartsWith("The JSON value", StringComparison.Ordinal)
            ? place + "the value is of another type than the field."
            : place + "this is no JSON.";
    }

    /// <summary>The problem type of a label.</summary>
    internal static string TypeOf(string label) => "urn:ims-conference:problem:" + label;
}
