namespace Conference.Store;

/// <summary>The store cannot be opened as configured: in use by another process, damaged, written by a newer version,
/// or not to be written. The server does not start; the message is for the operator.</summary>
public sealed class StoreOpenException : Exception
{
    /// <summary>For the serializer of test tools.</summary>
    public StoreOpenException()
    {
    }

    /// <param name="message">What is wrong and what to do.</param>
    public StoreOpenException(string message)
        : base(message)
    {
    }

    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">What the database said.</param>
    public StoreOpenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
