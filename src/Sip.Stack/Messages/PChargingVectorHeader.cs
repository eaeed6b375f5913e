namespace Sip.Stack.Messages;

/// <summary>P-Charging-Vector: what ties the charging records of one session together (RFC 7315 4.6).</summary>
/// <param name="IcidValue">icid-value without quotes: it comes with them and without.</param>
/// <param name="IcidGeneratedAt">icid-generated-at; null without.</param>
/// <param name="OrigIoi">orig-ioi; null without.</param>
/// <param name="TermIoi">term-ioi; null without.</param>
/// <param name="Parameters">All of it.</param>
public sealed record PChargingVectorHeader(
    string IcidValue, string? IcidGeneratedAt, string? OrigIoi, string? TermIoi, SipParameters Parameters)
{
    /// <summary>Reads a value. False without icid-value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out PChargingVectorHeader? header)
    {
        header = null;
        byte[] parameters = [(byte)';', .. value];
        var all = SipParameters.OfHeader(parameters);
        if (string.IsNullOrEmpty(all["icid-value"]))
        {
            return false;
        }

        header = new PChargingVectorHeader(
            all["icid-value"]!, all["icid-generated-at"], all["orig-ioi"], all["term-ioi"], all);
        return true;
    }
}
