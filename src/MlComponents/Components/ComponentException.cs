namespace MlComponents;

/// <summary>A component's description can't be used: an unknown name, an unknown property, a value of the wrong kind.</summary>
public sealed class ComponentException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ComponentException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    public ComponentException(string message, Exception innerException) : base(message, innerException) { }
}
