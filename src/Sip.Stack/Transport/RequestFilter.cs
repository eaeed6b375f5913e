using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>Has the kernel keep requests out of a UDP socket's receive queue (SO_ATTACH_FILTER, socket(7)): what it
/// drops takes no room from answers, and neither a system call nor a wake-up.</summary>
/// <remarks>A classic BPF program (Documentation/networking/filter.rst); any process may attach one to its own socket.
/// What it drops counts as dropped by the kernel.</remarks>
internal static unsafe partial class RequestFilter
{
    private const int SolSocket = 1;
    private const int AttachFilter = 26;
    private const int DetachFilter = 27;

    private const uint PayloadAt = 8; // Behind the UDP header, where the program's packet begins.
    private const uint ResponseStart = 0x5349_502F; // "SIP/"
    private const uint RandomNumber = 0xFFFF_F000 + 56; // SKF_AD_OFF + SKF_AD_RANDOM

    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpIfGreater = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    /// <summary>Lets in all responses and a share of everything else.</summary>
    /// <param name="socket">Bound to a UDP port.</param>
    /// <param name="share">0 to 1; 1 takes the filter away.</param>
    /// <returns>False when the kernel does not do it.</returns>
    internal static bool TryApply(SafeSocketHandle socket, double share)
    {
        if (share >= 1)
        {
            var nothing = 0;
            return SetOption(socket, SolSocket, DetachFilter, &nothing, sizeof(int)) == 0;
        }

        // What is shorter than the word that is loaded is dropped, too: keep-alives need no answer in such a time.
        Span<Instruction> program =
        [
            new(LoadWord, 0, 0, PayloadAt),
            new(JumpIfEqual, 2, 0, ResponseStart),
            new(LoadWord, 0, 0, RandomNumber),
            new(JumpIfGreater, 1, 0, (uint)(Math.Max(0, share) * uint.MaxValue)),
            new(Return, 0, 0, uint.MaxValue),
            new(Return, 0, 0, 0),
        ];
        fixed (Instruction* first = program)
        {
            var whole = new FilterProgram { Length = (ushort)program.Length, First = first };
            return SetOption(socket, SolSocket, AttachFilter, &whole, (uint)sizeof(FilterProgram)) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(SafeSocketHandle socket, int level, int name, void* value, uint length);

    /// <summary>struct sock_filter: where it goes on is counted from the next one.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* First;
    }
}
