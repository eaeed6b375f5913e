using System.Buffers;
using CsCheck;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class NotificationWriterTests
{
    [Fact]
    public void Write_AnyFragments_IsWhatTheMessageWriterWrites() =>
        Gen.Select(Generated.Conference, Gen.Long[1, long.MaxValue - 10], Generated.Event.Array[1, 5]).Sample(
            (conference, from, events) =>
            {
                var output = new ArrayBufferWriter<byte>();
                ReadOnlyMemory<byte>[] fragments = [.. events.Select(EventWriter.WriteFragment)];
                NotificationWriter.Write(output, conference, from, from + 3, fragments);
                var expected = ServerMessageWriter.Write(new Notification(conference, from, from + 3, [.. events]));
                Assert.Equal(expected, output.WrittenSpan.ToArray());
                var bytesMax = NotificationWriter.OverheadBytes(conference) + fragments.Sum(one => one.Length);
                Assert.InRange(output.WrittenCount, 1, bytesMax);
            },
            iter: 500);

    [Fact]
    public void OverheadBytes_LargestRevisions_IsExact()
    {
        var conference = ConferenceUri.Parse("sip:a&b@conf.example.org");
        var output = new ArrayBufferWriter<byte>();
        NotificationWriter.Write(output, conference, long.MaxValue, long.MaxValue, []);
        Assert.Equal(NotificationWriter.OverheadBytes(conference), output.WrittenCount);
    }
}
