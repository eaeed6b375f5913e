namespace Sip.Stack.Messages;

/// <summary>The methods that the stack knows. Any other token is <see cref="Unknown"/> and keeps its text.</summary>
public enum SipMethod : byte
{
    Unknown,
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Register,
    Message,
    Subscribe,
    Notify,
    Refer,
    Prack,
    Update,
    Info,
    Publish,
}
