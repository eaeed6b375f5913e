namespace Sip.Stack.Authentication;

/// <summary>
/// Knows the users and their digest secrets. Answers from memory: it is asked on the way of a request.
/// </summary>
public interface ICredentialStore
{
    /// <summary>Looks a user up.</summary>
    /// <param name="userName">The <c>username</c> parameter as sent: <c>alice</c>, or <c>alice@example.com</c>.</param>
    /// <param name="algorithm">Which H(A1) is wanted.</param>
    /// <returns>Null when there is no such user, or no secret of this algorithm.</returns>
    StoredCredential? Find(string userName, string realm, DigestAlgorithm algorithm);
}

/// <summary>What a store knows of one user.</summary>
/// <param name="User">The user's one name in this server, whichever spelling was sent.</param>
/// <param name="Ha1">
/// <see cref="DigestHash.Ha1"/> over the user name as sent, lower-case hexadecimal. Never logged.
/// </param>
public readonly record struct StoredCredential(string User, string Ha1);
