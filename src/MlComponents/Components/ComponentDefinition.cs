using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// An immutable description of a component: a network, layer, loss, metric, operation, optimizer, schedule or callback. Its properties are the hyper-parameters,
/// and it can build the live thing as often as it is asked to.
/// </summary>
/// <remarks>
/// The same record is written in C#, read from JSON, saved in the model file and used to rebuild the component when the file is loaded.
/// Ranges are declared with <see cref="RangeAttribute"/> and its relatives; rules across properties with <see cref="IValidatableObject"/>.
/// Without any of them a number still has to be finite, and nothing may be null that isn't declared so.
/// </remarks>
public abstract record ComponentDefinition
{
    /// <summary>Checks every property of this definition and of the definitions inside it.</summary>
    /// <exception cref="ValidationException">At least one value is out of its range; the message lists all of them.</exception>
    public void Validate() => OptionsValidation.Validate(this);
}
