using System.Collections.Immutable;

namespace Sip.Stack.Registration;

/// <summary>What a REGISTER did to the bindings of one address-of-record.</summary>
/// <param name="Outcome">Success or the reason of refusal.</param>
/// <param name="Bindings">All bindings afterwards, unexpired; as before when the request was refused.</param>
public readonly record struct RegistrarStep(RegisterOutcome Outcome, ImmutableArray<Binding> Bindings);

/// <summary>RFC 3261 10.3 steps 6 to 8 as one pure function.</summary>
public static class RegistrarRules
{
    /// <summary>An expiry of an hour or more is never too brief (RFC 3261 10.3, step 7).</summary>
    private const uint NeverTooBriefSeconds = 3600;

    /// <summary>Applies one REGISTER, all of it or nothing.</summary>
    /// <param name="bindings">The bindings of the address-of-record; expired ones are left out first.</param>
    /// <param name="command">The request.</param>
    /// <param name="now">The time bindings are counted from.</param>
    /// <param name="options">Expiry bounds and limits.</param>
    public static RegistrarStep Next(
        ImmutableArray<Binding> bindings, RegisterCommand command, DateTimeOffset now, RegistrarOptions options)
    {
        var live = Unexpired(bindings, now);
        if (command.IsWildcard) return RemoveAll(live, command);
        if (command.Contacts.IsEmpty) return new RegistrarStep(RegisterOutcome.Fetched, live);
        if (command.Path.Length > options.PathValuesMax) return new RegistrarStep(RegisterOutcome.PathTooLong, live);

        var next = live.ToBuilder();
        foreach (var contact in command.Contacts)
        {
            var seconds = RequestedSeconds(contact, command, options);
            if (IsTooBrief(seconds, options)) return new RegistrarStep(RegisterOutcome.IntervalTooBrief, live);

            // The order is judged against the bindings before this request: it may name one contact twice, and all
            // its contacts have the same CSeq.
            if (Find(live, contact) is { } known && IsOutOfOrder(known, command))
            {
                return new RegistrarStep(RegisterOutcome.OutOfOrder, live);
            }

            var at = IndexOf(next, contact);
            if (at >= 0) next.RemoveAt(at);
            if (seconds == 0) continue;
            next.Add(Bind(contact, command, now, TimeSpan.FromSeconds(seconds)));
        }

        // At the end: a contact may take the place of one that the same request removes further on.
        if (next.Count > options.ContactsPerAddressMax)
        {
            return new RegistrarStep(RegisterOutcome.TooManyContacts, live);
        }

        return new RegistrarStep(RegisterOutcome.Updated, next.ToImmutable());
    }

    /// <summary>The bindings that are still good.</summary>
    public static ImmutableArray<Binding> Unexpired(ImmutableArray<Binding> bindings, DateTimeOffset now)
    {
        foreach (var binding in bindings)
        {
            if (binding.ExpiresAt <= now) return [.. bindings.Where(one => one.ExpiresAt > now)];
        }

        return bindings;
    }

    /// <summary>
    /// Where to try first: highest q, then the one refreshed last (RFC 3261 16.6 leaves equals open).
    /// </summary>
    public static ImmutableArray<Binding> InOrderOfPreference(ImmutableArray<Binding> bindings) =>
        bindings.Length < 2
            ? bindings
            : [.. bindings.OrderByDescending(one => one.Preference).ThenByDescending(one => one.RegisteredAt)];

    /// <summary>RFC 3261 10.3 step 6: "*" stands alone and with Expires 0 only.</summary>
    private static RegistrarStep RemoveAll(ImmutableArray<Binding> live, RegisterCommand command)
    {
        if (!command.Contacts.IsEmpty || command.HeaderExpires != 0)
        {
            return new RegistrarStep(RegisterOutcome.WildcardMisused, live);
        }

        return live.Any(binding => IsOutOfOrder(binding, command))
            ? new RegistrarStep(RegisterOutcome.OutOfOrder, live)
            : new RegistrarStep(RegisterOutcome.Updated, []);
    }

    /// <summary>Contact parameter, else header field, else default; never above the maximum.</summary>
    private static uint RequestedSeconds(RegisterContact contact, RegisterCommand command, RegistrarOptions options)
    {
        var asked = contact.Expires ?? command.HeaderExpires ?? (uint)options.ExpiresDefault.TotalSeconds;
        return Math.Min(asked, (uint)options.ExpiresMax.TotalSeconds);
    }

    private static bool IsTooBrief(uint seconds, RegistrarOptions options) =>
        seconds > 0 && seconds < NeverTooBriefSeconds && seconds < options.ExpiresMin.TotalSeconds;

    private static bool IsOutOfOrder(Binding binding, RegisterCommand command) =>
        binding.CallId == command.CallId && command.CSeq <= binding.CSeq;

    private static Binding? Find(ImmutableArray<Binding> bindings, RegisterContact contact)
    {
        foreach (var binding in bindings)
        {
            if (binding.Contact.IsEquivalentTo(contact.Uri)) return binding;
        }

        return null;
    }

    private static int IndexOf(ImmutableArray<Binding>.Builder bindings, RegisterContact contact)
    {
        for (var i = 0; i < bindings.Count; i++)
        {
            if (bindings[i].Contact.IsEquivalentTo(contact.Uri)) return i;
        }

        return -1;
    }

    private static Binding Bind(
        RegisterContact contact, RegisterCommand command, DateTimeOffset now, TimeSpan lifetime) => new()
        {
            Contact = contact.Uri,
            ContactText = contact.UriText,
            Parameters = contact.Parameters,
            Preference = contact.Preference,
            CallId = command.CallId,
            CSeq = command.CSeq,
            Path = command.Path,
            Flow = command.Flow,
            RegisteredAt = now,
            ExpiresAt = now + lifetime,
        };
}
