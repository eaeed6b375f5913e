using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class WordsTests
{
    [Fact]
    public void Words_EveryValue_ReadsBack()
    {
        foreach (var kind in Enum.GetValues<MarkKind>()) Assert.Equal(kind, Words.ToKind(Words.Of(kind)));
        foreach (var role in Enum.GetValues<Role>()) Assert.Equal(role, Words.ToRole(Words.Of(role)));
        foreach (var why in Enum.GetValues<LeaveReason>()) Assert.Equal(why, Words.ToLeaveReason(Words.Of(why)));
        foreach (var cause in Enum.GetValues<BoardChangeCause>()) Assert.Equal(cause, Words.ToCause(Words.Of(cause)));
        for (var all = Rights.None; all <= Rights.All; all++) Assert.Equal(all, Words.ToRights(Words.Of(all)));
    }

    [Fact]
    public void ToRights_UnknownWord_IsNull() => Assert.Null(Words.ToRights("draw Turn"));
}
