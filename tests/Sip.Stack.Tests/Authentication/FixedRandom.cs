using Sip.Stack.Authentication;

namespace Sip.Stack.Tests.Authentication;

/// <summary>Random bytes that are the same in every run.</summary>
internal static class FixedRandom
{
    /// <summary>Fills each buffer with the number of the call.</summary>
    public static RandomBytes Counting()
    {
        byte call = 0;
        return buffer =>
        {
            call++;
            buffer.Fill(call);
        };
    }
}
