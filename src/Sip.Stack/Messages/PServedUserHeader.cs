namespace Sip.Stack.Messages;

/// <summary>P-Served-User: whose service an S-CSCF asks for (RFC 5502, RFC 8498).</summary>
/// <param name="User">The served user.</param>
/// <param name="IsOriginating">sescase: true for "orig" and "orig-cdiv", false for "term", null without.</param>
/// <param name="IsRegistered">regstate: true for "reg", false for "unreg", null without.</param>
public sealed record PServedUserHeader(NameAddress User, bool? IsOriginating, bool? IsRegistered)
{
    /// <summary>Reads a value. False when there is no URI in it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out PServedUserHeader? header)
    {
        header = null;
        if (!NameAddress.TryParse(value, out var user) || user.Uri is null)
        {
            return false;
        }

        header = new PServedUserHeader(
            user,
            user.Parameters["sescase"]?.ToLowerInvariant() switch
            {
                "orig" or "orig-cdiv" => true,
                "term" => false,
                _ => user.Parameters.Contains("orig-cdiv") ? true : null,
            },
            user.Parameters["regstate"]?.ToLowerInvariant() switch
            {
                "reg" => true,
                "unreg" => false,
                _ => null,
            });
        return true;
    }
}
