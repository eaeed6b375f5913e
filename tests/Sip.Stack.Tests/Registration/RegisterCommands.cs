using System.Net;
using Sip.Stack.Messages;
using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Registration;

/// <summary>Short ways to write a REGISTER down.</summary>
internal static class RegisterCommands
{
    public static readonly BindingFlow Flow = new(SipTransportKind.Udp, IPEndPoint.Parse("192.0.2.7:5060"));

    public static RegisterContact Contact(string uri, uint? expires = null, int preference = 1000) =>
        new(SipUri.Parse(uri), uri, preference, expires);

    public static RegisterCommand Register(string callId, uint cseq, params RegisterContact[] contacts) =>
        new() { CallId = callId, CSeq = cseq, Contacts = [.. contacts], Flow = Flow };
}
