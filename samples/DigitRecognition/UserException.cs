namespace DigitRecognition;

/// <summary>A mistake that the user can put right; the message says how.</summary>
internal sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
