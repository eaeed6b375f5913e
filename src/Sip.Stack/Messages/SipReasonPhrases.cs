namespace Sip.Stack.Messages;

/// <summary>The reason phrases of RFC 3261 21 and of the extensions in use here.</summary>
public static class SipReasonPhrases
{
    /// <summary>The phrase of a status; that of its class (x00) for a status that has none here.</summary>
    public static string For(int status) => status switch
    {
        < 300 => Success(status),
        < 400 => Redirection(status),
        < 500 => RequestFailure(status),
        < 600 => ServerFailure(status),
        _ => GlobalFailure(status),
    };

    private static string Success(int status) => status switch
    {
        180 => "Ringing",
        181 => "Call Is Being Forwarded",
        182 => "Queued",
        183 => "Session Progress",
        < 200 => "Trying",
        202 => "Accepted",
        204 => "No Notification",
        _ => "OK",
    };

    private static string Redirection(int status) => status switch
    {
        301 => "Moved Permanently",
        302 => "Moved Temporarily",
        305 => "Use Proxy",
        380 => "Alternative Service",
        _ => "Multiple Choices",
    };

    private static string RequestFailure(int status) => status switch
    {
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        410 => "Gone",
        412 => "Conditional Request Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        417 => "Unknown Resource-Priority",
        420 => "Bad Extension",
        421 => "Extension Required",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        428 => "Use Identity Header",
        429 => "Provide Referrer Identity",
        430 => "Flow Failed",
        433 => "Anonymity Disallowed",
        439 => "First Hop Lacks Outbound Support",
        440 => "Max-Breadth Exceeded",
        469 => "Bad Info Package",
        470 => "Consent Needed",
        >= 480 => CallFailure(status),
        _ => "Bad Request",
    };

    private static string CallFailure(int status) => status switch
    {
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        484 => "Address Incomplete",
        485 => "Ambiguous",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        493 => "Undecipherable",
        494 => "Security Agreement Required",
        _ => "Bad Request",
    };

    private static string ServerFailure(int status) => status switch
    {
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        580 => "Precondition Failure",
        _ => "Server Internal Error",
    };

    private static string GlobalFailure(int status) => status switch
    {
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        606 => "Not Acceptable",
        607 => "Unwanted",
        _ => "Busy Everywhere",
    };
}
