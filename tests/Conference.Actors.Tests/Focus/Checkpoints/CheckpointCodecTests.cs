using System.Security.Cryptography;
using Conference.Actors.Focus;
using Conference.Protocol.Requests;
using CsCheck;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Checkpoints;

public class CheckpointCodecTests
{
    [Fact]
    public void Checkpoint_ReadBack_IsTheSameState()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Chair, Operate(new ClearPage()));
        driver.Accept(Chair, new TurnPage(PageTwo));
        driver.Accept(Bob, new RequestRights(Conference.Protocol.Rights.Draw));
        driver.Accept(Chair, new SaveConference());
        var read = CheckpointCodec.TryRead(CheckpointCodec.Write(driver.State), FocusData.Uri, StateLimits.Default);
        StateAssert.Same(driver.State, read!, withHashes: true);
    }

    [Fact]
    public void Checkpoint_Damaged_IsNotRead()
    {
        var bytes = CheckpointCodec.Write(Shared().State);
        var limits = StateLimits.Default;
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x10;
            Assert.Null(CheckpointCodec.TryRead(damaged, FocusData.Uri, limits));
        }

        Assert.Null(CheckpointCodec.TryRead(bytes.AsMemory(0, 5), FocusData.Uri, limits));
        Assert.Null(CheckpointCodec.TryRead(default, FocusData.Uri, limits));
        Assert.Null(CheckpointCodec.TryRead(bytes, Conference.Protocol.ConferenceUri.Parse("sip:other@x"), limits));
    }

    [Fact]
    public void Checkpoint_WithARightHashAndWrongContent_IsReadOrNot_ButNeverThrows()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Ann, Draw("b"));
        driver.Accept(Ann, new Undo());
        var bytes = CheckpointCodec.Write(driver.State);
        var unread = 0;
        for (var i = 5; i < bytes.Length - CheckpointCodec.HashBytes; i++)
        {
            foreach (var mask in new byte[] { 0x01, 0x04, 0x7F, 0x80 })
            {
                var other = (byte[])bytes.Clone();
                other[i] ^= mask;
                var end = other.Length - CheckpointCodec.HashBytes;
                SHA256.HashData(other.AsSpan(0, end)).AsSpan(0, CheckpointCodec.HashBytes).CopyTo(other.AsSpan(end));
                if (CheckpointCodec.TryRead(other, FocusData.Uri, StateLimits.Default) is null) unread++;
            }
        }

        Assert.NotEqual(0, unread);
    }

    [Fact]
    public void Checkpoint_OfAnyHistory_IsTheSameState() =>
        FocusGenerators.Histories.Sample(
            steps =>
            {
                var state = FocusGenerators.Run(steps).State;
                var read = CheckpointCodec.TryRead(CheckpointCodec.Write(state), FocusData.Uri, state.Limits);
                StateAssert.Same(state, read!, withHashes: true);
            },
            iter: 200);
}
