using System.Globalization;
using Sip.Stack.Messages;

namespace Sip.Stack.Registration;

/// <summary>Outcomes to responses (RFC 3261 10.3, step 8).</summary>
public static class RegisterResponses
{
    /// <summary>The answer to a REGISTER of a user agent.</summary>
    /// <param name="command">Null when the request could not be read.</param>
    public static SipResponseBuilder Build(
        SipRequest request, RegisterCommand? command, RegistrarStep step, RegistrarOptions options, DateTimeOffset now)
    {
        var (status, reason, _) = RegisterOutcomes.Describe(step.Outcome);
        var response = new SipResponseBuilder(request, status, reason);
        if (step.Outcome == RegisterOutcome.IntervalTooBrief)
        {
            return response.With(SipHeaderName.MinExpires, (long)options.ExpiresMin.TotalSeconds);
        }

        if (status == 503) return response.With(SipHeaderName.RetryAfter, options.RetryAfterSeconds);
        if (!step.Outcome.IsSuccess()) return response;

        foreach (var binding in step.Bindings) response.With(SipHeaderName.Contact, Contact(binding, now));

        // RFC 3327 5.3: the path in use is told to a client that knows what it is.
        if (command is { SupportsPath: true, Path.IsEmpty: false })
        {
            response.With(SipHeaderName.Supported, "path");
            foreach (var hop in command.Path) response.With(SipHeaderName.Path, hop);
        }

        return response.With(SipHeaderName.Date, now.UtcDateTime.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>The answer to a third-party REGISTER; an S-CSCF looks at the status alone.</summary>
    public static SipResponseBuilder Build(SipRequest request, ThirdPartyOutcome outcome, int retryAfterSeconds)
    {
        var (status, reason, _) = ThirdPartyOutcomes.Describe(outcome);
        var response = new SipResponseBuilder(request, status, reason);
        if (status == 503) return response.With(SipHeaderName.RetryAfter, retryAfterSeconds);
        if (status != 200) return response;
        foreach (var contact in request.Contacts) response.With(SipHeaderName.Contact, contact.ToString());
        return request.Expires is { } expires ? response.With(SipHeaderName.Expires, expires) : response;
    }

    private static string Contact(Binding binding, DateTimeOffset now)
    {
        var seconds = (long)Math.Ceiling((binding.ExpiresAt - now).TotalSeconds);
        var quality = binding.Preference == 1000
            ? string.Empty
            : ";q=" + (binding.Preference / 1000m).ToString("0.0##", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<{binding.ContactText}>{binding.Parameters}{quality};expires={Math.Max(seconds, 0)}");
    }
}
